import type { Hash, MarketMessages, NodeMessages } from "@stoa/protocol";
import { openAppendLog } from "@stoa/network";

export type Assignment = MarketMessages["assignment"];

/** A bid the node signed, until it can no longer be called on. */
export interface SignedBid {
  agentVersion: Hash;
  ask: string;
  expiresAtMs: number;
}

/** An execution the node took on and has not finished. */
export interface Undertaken {
  executionId: string;
  awardHash: Hash;
  assignment: Assignment;
}

export type Ending = "refused" | "delivered" | "failed" | "withdrawn" | "late";

export interface Totals {
  delivered: number;
  failed: number;
  /** Integer of the token's smallest unit as text. */
  earned: string;
}

/** What a node answered in a round or an auction. */
export interface Answered {
  bids: { orderHash: Hash; agentVersion: Hash; ask: string }[];
  expiresAtMs: number;
  /** Until then it can be told of it again; a journal of before has none. */
  untilMs?: number;
}

type Entry =
  | { type: "totals"; totals: Totals }
  | ({ type: "bids"; roundId: Hash } & Answered)
  | { type: "undertaken"; undertaken: Undertaken }
  | { type: "signed"; awardHash: Hash; delivery: NodeMessages["delivered"] }
  | { type: "ended"; awardHash: Hash; ending: Ending; forgetAtMs: number; payment: string; taskId: Hash }
  | { type: "paid"; taskId: Hash };

/** Once this large, the file is rewritten with only what still matters. */
const COMPACT_AT_BYTES = 8 << 20;

/** What a node must know after `kill -9`: bids it may be called on, executions it owes, awards it has dealt with. */
export interface Journal {
  /** Not forced to disk: a lost bid only makes the node turn its award down, and killing the process loses none. */
  bid(roundId: Hash, answered: Answered): Promise<void>;
  bidOn(roundId: Hash, orderHash: Hash): SignedBid | undefined;
  /** The rounds and auctions the node has answered, and until when it can be told of each again. */
  answered(): [Hash, number][];
  /** Resolves once it is on disk. */
  undertake(undertaken: Undertaken): Promise<void>;
  /** Resolves once a signed result is on disk: a second one for the award would cost stake, whatever happens in between. */
  sign(awardHash: Hash, delivery: NodeMessages["delivered"]): Promise<void>;
  /** The result signed for an award that has not ended. */
  signedFor(awardHash: Hash): NodeMessages["delivered"] | undefined;
  /** @param forgetAtMs when the award cannot come again */
  end(awardHash: Hash, taskId: Hash, ending: Ending, forgetAtMs: number, payment: bigint): Promise<void>;
  /** The market accepted a result: its payment counts as earned. */
  paid(taskId: Hash): Promise<void>;
  knows(awardHash: Hash): boolean;
  undertaken(): Undertaken[];
  totals(): Totals;
  close(): Promise<void>;
}

interface State {
  totals: Totals;
  bids: Map<string, SignedBid>;
  rounds: Map<Hash, Answered>;
  undertaken: Map<Hash, Undertaken>;
  signed: Map<Hash, NodeMessages["delivered"]>;
  ended: Map<Hash, { ending: Ending; forgetAtMs: number; taskId: Hash; payment: string }>;
  /** Payments of delivered results the market has not accepted yet, by task. */
  owed: Map<Hash, bigint>;
}

function count(state: State, ending: Ending | undefined, by: 1 | -1): void {
  if (ending === "delivered" || ending === "failed")
    state.totals = { ...state.totals, [ending]: state.totals[ending] + by };
}

function apply(state: State, entry: Entry): void {
  switch (entry.type) {
    case "totals":
      state.totals = entry.totals;
      return;
    case "bids": {
      const { roundId, expiresAtMs, untilMs = expiresAtMs, bids } = entry;
      const again = new Set(bids.map(({ orderHash }) => orderHash));
      const before = (state.rounds.get(roundId)?.bids ?? []).filter(({ orderHash }) => !again.has(orderHash));
      state.rounds.set(roundId, { expiresAtMs, untilMs, bids: [...before, ...bids] });
      for (const { orderHash, agentVersion, ask } of bids)
        state.bids.set(`${roundId} ${orderHash}`, { agentVersion, ask, expiresAtMs });
      return;
    }
    case "undertaken":
      state.undertaken.set(entry.undertaken.awardHash, entry.undertaken);
      return;
    case "signed":
      if (state.undertaken.has(entry.awardHash)) state.signed.set(entry.awardHash, entry.delivery);
      return;
    case "ended": {
      const { awardHash, ending, forgetAtMs, taskId, payment } = entry;
      state.undertaken.delete(awardHash);
      state.signed.delete(awardHash);
      const before = state.ended.get(awardHash)?.ending;
      // What was withdrawn may turn out to have been delivered; what was delivered stays so, for it may be paid.
      if (before === "delivered") return;
      count(state, before, -1);
      count(state, ending, 1);
      state.ended.set(awardHash, { ending, forgetAtMs, taskId, payment });
      if (ending === "delivered") state.owed.set(taskId, BigInt(payment));
      return;
    }
    case "paid": {
      const payment = state.owed.get(entry.taskId);
      if (payment === undefined) return;
      state.owed.delete(entry.taskId);
      state.totals = { ...state.totals, earned: (BigInt(state.totals.earned) + payment).toString() };
    }
  }
}

function forgetOld(state: State, nowMs: number): void {
  for (const [roundId, { expiresAtMs, untilMs = expiresAtMs, bids }] of state.rounds) {
    if (Math.max(expiresAtMs, untilMs) > nowMs) continue;
    state.rounds.delete(roundId);
    for (const { orderHash } of bids) state.bids.delete(`${roundId} ${orderHash}`);
  }
  for (const [awardHash, { forgetAtMs, taskId }] of state.ended) {
    if (forgetAtMs > nowMs) continue;
    state.ended.delete(awardHash);
    state.owed.delete(taskId);
  }
}

/** The shortest list of entries that gives the same state again; delivered counts are inside the totals already. */
function entriesOf(state: State): Entry[] {
  const uncounted = (ending: Ending) => [...state.ended.values()].filter((end) => end.ending === ending).length;
  const totals = {
    ...state.totals,
    delivered: state.totals.delivered - uncounted("delivered"),
    failed: state.totals.failed - uncounted("failed"),
  };
  const endings = [...state.ended].flatMap(([awardHash, end]): Entry[] => {
    const paid: Entry[] =
      end.ending === "delivered" && !state.owed.has(end.taskId)
        ? [
            { type: "ended", awardHash, ...end, payment: "0" },
            { type: "paid", taskId: end.taskId },
          ]
        : [];
    return paid.length > 0 ? paid : [{ type: "ended", awardHash, ...end }];
  });
  return [
    { type: "totals", totals },
    ...[...state.rounds].map(([roundId, round]): Entry => ({ type: "bids", roundId, ...round })),
    ...[...state.undertaken.values()].map((undertaken): Entry => ({ type: "undertaken", undertaken })),
    ...[...state.signed].map(([awardHash, delivery]): Entry => ({ type: "signed", awardHash, delivery })),
    ...endings,
  ];
}

/**
 * Opens a node's journal.
 * @param now epoch milliseconds
 * @throws {StoaError} `invalid_configuration` when the file is damaged before its end
 */
export async function openJournal(path: string, now: () => number): Promise<Journal> {
  const file = await openAppendLog(path);
  const state: State = {
    totals: { delivered: 0, failed: 0, earned: "0" },
    bids: new Map(),
    rounds: new Map(),
    undertaken: new Map(),
    signed: new Map(),
    ended: new Map(),
    owed: new Map(),
  };
  for (const entry of file.entries) apply(state, entry as Entry);
  forgetOld(state, now());
  await file.rewrite(() => entriesOf(state));
  let compactAt = Math.max(COMPACT_AT_BYTES, 2 * file.bytes());

  async function record(entry: Entry, durable: boolean): Promise<void> {
    apply(state, entry);
    await file.append(entry, durable);
    if (file.bytes() < compactAt) return;
    compactAt = Number.POSITIVE_INFINITY;
    forgetOld(state, now());
    await file.rewrite(() => entriesOf(state));
    compactAt = Math.max(COMPACT_AT_BYTES, 2 * file.bytes());
  }

  return {
    bid: (roundId, answered) => record({ type: "bids", roundId, ...answered }, false),
    bidOn: (roundId, orderHash) => state.bids.get(`${roundId} ${orderHash}`),
    answered: () => [...state.rounds].map(([id, { expiresAtMs, untilMs = expiresAtMs }]) => [id, untilMs]),
    undertake: (undertaken) => record({ type: "undertaken", undertaken }, true),
    sign: (awardHash, delivery) => record({ type: "signed", awardHash, delivery }, true),
    signedFor: (awardHash) => state.signed.get(awardHash),
    end: (awardHash, taskId, ending, forgetAtMs, payment) =>
      record({ type: "ended", awardHash, taskId, ending, forgetAtMs, payment: payment.toString() }, true),
    paid: (taskId) => record({ type: "paid", taskId }, false),
    knows: (awardHash) => state.undertaken.has(awardHash) || state.ended.has(awardHash),
    undertaken: () => [...state.undertaken.values()],
    totals: () => state.totals,
    close: () => file.close(),
  };
}
