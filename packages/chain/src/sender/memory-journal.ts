import type { Hash } from "@stoa/protocol";
import type { SenderJournal } from "./sender-journal.ts";
import { newestOf, type SentIntent } from "./sent-intent.ts";

/** Settled intents that are remembered: an occasion does not come back after so many others. */
const REMEMBERED = 100;

/**
 * A journal that ends with its process: for what may be asked for again after a crash, and the base of the one in a
 * file.
 * @param start what is known already
 * @param keep writes all of it down; nothing is known before that resolves
 */
export function memoryJournal(
  start: readonly SentIntent[] = [],
  keep: (intents: readonly SentIntent[]) => Promise<void> = async () => {},
): SenderJournal {
  let intents: ReadonlyMap<Hash, SentIntent> = new Map(start.map((intent) => [intent.id, intent]));
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const acting = last.then(act);
    last = acting.catch(() => undefined);
    return acting;
  }

  async function put(intent: SentIntent): Promise<void> {
    // What changed last stands last, so the settled ones that are forgotten are the oldest.
    const next = new Map(intents);
    next.delete(intent.id);
    next.set(intent.id, intent);
    const settled = [...next.values()].filter(({ outcome }) => outcome !== null);
    for (const { id } of settled.slice(0, Math.max(0, settled.length - REMEMBERED))) next.delete(id);
    await keep([...next.values()]);
    intents = next;
  }

  const open = () => [...intents.values()].filter(({ outcome }) => outcome === null);
  const isTaken = (nonce: number, by: Hash) =>
    open().some((other) => other.id !== by && newestOf(other).nonce === nonce);

  return {
    begin: (intent) =>
      inTurn(async () => {
        const before = intents.get(intent.id);
        if (before && before.outcome?.state !== "reverted" && before.outcome?.state !== "refused") return "known";
        if (isTaken(newestOf(intent).nonce, intent.id)) return "nonce taken";
        await put(intent);
        return "begun";
      }),
    add: (id, known, transaction) =>
      inTurn(async () => {
        const intent = intents.get(id);
        if (!intent || intent.outcome || intent.transactions.length !== known) return "changed";
        if (isTaken(transaction.nonce, id)) return "nonce taken";
        await put({ ...intent, transactions: [...intent.transactions, transaction] });
        return "added";
      }),
    settle: (id, known, outcome) =>
      inTurn(async () => {
        const intent = intents.get(id);
        if (intent && !intent.outcome && intent.transactions.length === known) await put({ ...intent, outcome });
      }),
    find: async (id) => intents.get(id) ?? null,
    listOfNonce: async (nonce) => [...intents.values()].filter((intent) => newestOf(intent).nonce === nonce),
    listOpen: async () => open().sort((left, right) => newestOf(left).nonce - newestOf(right).nonce),
  };
}
