import { randomUUID } from "node:crypto";
import { type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender, TransactionRequest } from "../client/chain-sender.ts";
import type { Chain } from "../client/connect-chain.ts";
import { pause } from "../client/pause.ts";
import { awaitIntent } from "./await-intent.ts";
import { broadcast } from "./broadcast.ts";
import { memoryJournal } from "./memory-journal.ts";
import { seeToIntents } from "./see-to-intents.ts";
import type { SenderContext, SenderOptions } from "./sender-context.ts";
import { type IntentContent, intentId, newestOf, type SentIntent, type SignedTransaction } from "./sent-intent.ts";
import { signUnderFreeNonce } from "./sign-intent.ts";
import type { TransactionSigner } from "./transaction-signer.ts";

const BROADCAST_ATTEMPTS = 3;
const REMEMBERED = 10_000;
const GWEI = 1_000_000_000n;
const DEFAULTS = {
  confirmations: 0,
  stuckAfterMs: 30_000,
  // Seven raises by an eighth double what is offered; a dozen make it fourfold.
  maxReplacements: 12,
  maxFeePerGas: 500n * GWEI,
} as const;

/**
 * One object for each key and process that sends: it gives nonces, sets fees, replaces what is stuck, and writes down
 * what it signs before anybody else can have it. Processes that share a key share its journal.
 *
 * It never guesses: what became of a transaction is what the chain says of its hash, its nonce and its block. An intent
 * gets another nonce only when a final block has somebody else's transaction under the old one, so no two transactions
 * with its effect can both be mined.
 * @example
 * const sender = createSender(chain, privateKeyToAccount(key), { journal: fileJournal("data/sent.json") });
 */
export function createSender(chain: Chain, signer: TransactionSigner, options: SenderOptions = {}): ChainSender {
  const hooks = new Map<string, NonNullable<TransactionRequest["onSigned"]>>();
  const ids = new Map<Hash, Hash>();
  const context: SenderContext = {
    ...DEFAULTS,
    journal: options.journal ?? memoryJournal(),
    ...options,
    chain,
    signer,
    sentAgain: new Map(),
    async told(id, { hash, nonce }) {
      remember(ids, hash, id as Hash);
      await hooks.get(id)?.(hash, nonce);
    },
  };
  const inTurn = oneAtATime();
  let left: Promise<SentIntent[]> | undefined;

  /** What earlier processes left unfinished, and nobody took over yet. */
  function leftOver(): Promise<SentIntent[]> {
    left ??= context.journal.listOpen();
    left.catch(() => (left = undefined));
    return left;
  }

  async function send(request: TransactionRequest): Promise<Hash> {
    const content = contentOf(context, request);
    const unfinished = await leftOver();
    let id = intentId(content, request.occasion ?? randomUUID());
    const at = request.occasion === undefined ? unfinished.findIndex((intent) => isSame(intent, content)) : -1;
    if (at >= 0) {
      const [taken] = unfinished.splice(at, 1);
      const still = taken && (await context.journal.find(taken.id));
      if (still?.outcome === null) id = still.id;
    }
    if (request.onSigned) remember(hooks, id, request.onSigned);
    const known = await context.journal.find(id);
    const isKnown = known && !mayBeginAnew(known);
    const txHash = await (isKnown ? goOn(context, known) : begin(context, id, content, request));
    remember(ids, txHash, id);
    return txHash;
  }

  return {
    chain,
    address: signer.address,
    send: (request) => inTurn(() => send(request)),
    async wait(txHash, options = {}) {
      const { doing = `waiting for ${txHash}` } = options;
      const id = ids.get(txHash) ?? (await idOf(context, txHash, doing));
      return awaitIntent(context, id, () => inTurn(() => seeToIntents(context)), { ...options, doing });
    },
    async inFlight() {
      await inTurn(() => seeToIntents(context));
      const open = await context.journal.listOpen();
      return new Map(open.flatMap((intent) => intent.subjects.map((of) => [of, newestOf(intent).hash] as const)));
    },
    async tend({ signal, everyMs = 2_000, onTrouble }) {
      while (!signal.aborted) {
        try {
          const { trouble } = await inTurn(() => seeToIntents(context));
          for (const error of trouble) onTrouble?.(error);
        } catch (error) {
          onTrouble?.(error as Error);
        }
        await pause(everyMs, signal);
      }
    },
  };
}

/** A process that sends for years forgets what it sent long ago. */
function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value);
  for (const [oldest] of map) {
    if (map.size <= REMEMBERED) return;
    map.delete(oldest);
  }
}

function contentOf({ chain, signer }: SenderContext, { to, data, value = 0n }: TransactionRequest): IntentContent {
  return { chainId: chain.chainId, sender: signer.address, to: to ?? null, data, value: value.toString() };
}

function isSame({ to, data, value }: SentIntent, content: IntentContent): boolean {
  return to?.toLowerCase() === content.to?.toLowerCase() && data === content.data && value === content.value;
}

function mayBeginAnew({ outcome }: SentIntent): boolean {
  return outcome?.state === "reverted" || outcome?.state === "refused";
}

async function begin(
  context: SenderContext,
  id: Hash,
  { to, data, value }: IntentContent,
  { doing, subjects = [], authorizations }: TransactionRequest,
): Promise<Hash> {
  const intent = { id, doing, to, data, value, subjects, whenTaken: "move", outcome: null } as const;
  const { answer, transaction } = await signUnderFreeNonce(context, { ...intent, authorizations }, (signed) =>
    context.journal.begin({ ...intent, transactions: [signed] }),
  );
  if (answer === "begun") return launch(context, { ...intent, transactions: [transaction] }, transaction);
  const known = await context.journal.find(id);
  if (!known) throw new StoaError("internal", `${doing}: the journal knows ${id} and does not have it`);
  return goOn(context, known);
}

/** A request that was made before: it is not signed again, only sent again if it is not settled. */
async function goOn(context: SenderContext, known: SentIntent): Promise<Hash> {
  const newest = newestOf(known);
  await context.told(known.id, newest);
  if (known.outcome) return known.outcome.txHash ?? newest.hash;
  const answer = await broadcast(context.chain, newest, known.doing);
  if (answer.is === "unknown") throw unknown(known, newest, answer.error);
  return newest.hash;
}

/** Sends what was never sent before. */
async function launch(context: SenderContext, intent: SentIntent, transaction: SignedTransaction): Promise<Hash> {
  const { chain, journal } = context;
  await context.told(intent.id, transaction);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await broadcast(chain, transaction, intent.doing);
    if (answer.is === "taken" || answer.is === "nonce in use") return transaction.hash;
    if (answer.is === "refused") {
      // Asked once, its one holder will not have it: then nothing of it can ever be mined. Asked twice, who knows.
      if (attempt === 1) {
        await journal.settle(intent.id, 1, { state: "refused", txHash: null, reason: answer.error.message });
        throw answer.error;
      }
      return transaction.hash;
    }
    if (attempt >= BROADCAST_ATTEMPTS) throw unknown(intent, transaction, answer.error);
    await pause(200 * 2 ** attempt);
  }
}

function unknown({ doing }: SentIntent, { hash: txHash }: SignedTransaction, cause: StoaError): StoaError {
  return new StoaError(
    "chain_unavailable",
    `${doing}: nobody answered whether the chain took ${txHash}; it is sent again at the next look`,
    { cause, details: { txHash } },
  );
}

/** A process that takes over knows a transaction by the journal. */
async function idOf({ journal }: SenderContext, txHash: Hash, doing: string): Promise<Hash> {
  const found = (await journal.listOpen()).find(({ transactions }) => transactions.some(({ hash }) => hash === txHash));
  if (!found) throw new StoaError("internal", `${doing}: this sender did not send ${txHash}`);
  return found.id;
}

function oneAtATime(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const acting = last.then(act);
    last = acting.catch(() => undefined);
    return acting;
  };
}
