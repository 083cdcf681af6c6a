import type { SenderJournal, SentIntent } from "@stoa/chain";
import type { Hash } from "@stoa/protocol";
import {
  addSentTransaction,
  beginSentIntent,
  type Database,
  dropFailedIntent,
  findSentIntent,
  listOpenIntents,
  listSentOfNonce,
  type SendingKey,
  type SentIntentRow,
  settleSentIntent,
} from "@stoa/store";

/** Writes a key's intents down in the market's database, for all its server processes. */
export function tableJournal(database: Database, key: SendingKey): SenderJournal {
  const find = async (id: Hash) => {
    const row = await findSentIntent(database, id);
    return row && toIntent(row);
  };
  return {
    find,
    async begin(intent) {
      await dropFailedIntent(database, intent.id);
      if (await beginSentIntent(database, key, toRow(intent))) return "begun";
      return (await find(intent.id)) ? "known" : "nonce taken";
    },
    async add(id, known, transaction) {
      if (await addSentTransaction(database, key, { id, known, transaction })) return "added";
      const intent = await find(id);
      return !intent || intent.outcome || intent.transactions.length !== known ? "changed" : "nonce taken";
    },
    settle: (id, known, outcome) => settleSentIntent(database, { id, known, outcome }),
    listOfNonce: async (nonce) => (await listSentOfNonce(database, key, nonce)).map(toIntent),
    listOpen: async () => (await listOpenIntents(database, key)).map(toIntent),
  };
}

function toRow({ id, transactions, outcome, ...intent }: SentIntent): SentIntentRow {
  return { id, intent, transactions: [...transactions], outcome };
}

/** The rows are written by {@link toRow} alone. */
function toIntent({ intent, ...rest }: SentIntentRow): SentIntent {
  return { ...intent, ...rest } as unknown as SentIntent;
}
