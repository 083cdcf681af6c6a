import { type Omission, proveOmission, type SignedReceipt } from "@stoa/core";
import { openAppendLog } from "@stoa/network";
import { type Hash, type PublishedRound, requireSigner, StoaError } from "@stoa/protocol";
import type { Logger } from "pino";
import type { MarketApi } from "../market-api.ts";
import type { Terms } from "../terms.ts";

/** Receipts kept for later disputes; the oldest go first. */
const KEPT = 10_000;
/** Rounds that wait to be looked at; with more, the oldest are left to whoever checks a kept receipt by hand. */
const WAITING = 1_000;
const FIRST_PAUSE_MS = 1_000;
/** Checking takes at most one part in so many of the node's time: a large record must not keep it from bidding. */
const REST_PER_WORK = 20;
const ATTEMPTS = 5;
/** Once this large, the file is rewritten with only what is kept. */
const COMPACT_AT_BYTES = 16 << 20;

type Entry = SignedReceipt | { checked: Hash } | { omission: Omission };

/** The operator's receipts for this node's sheets, and what the published records made of them. */
export interface Receipts extends AsyncDisposable {
  /** Keeps a receipt; one that is not the operator's is left. */
  keep(signed: SignedReceipt): Promise<void>;
  /** A round closed: its record is looked at when there is time, rounds in no order that anyone could foresee. */
  closed(roundId: Hash): void;
}

export interface ReceiptsInit {
  path: string;
  terms: Pick<Terms, "domain" | "operator">;
  api: Pick<MarketApi, "json">;
  log: Logger;
  /** Part of the usual pauses, for tests. */
  pace?: number;
}

/**
 * Opens the receipts a node keeps, one JSON line each. A receipted sheet that the public record does not have is proof
 * against the operator: it is logged as an error, and kept in the same file.
 */
export async function openReceipts({ path, terms, api, log, pace = 1 }: ReceiptsInit): Promise<Receipts> {
  const file = await openAppendLog(path);
  const state = readEntries(file.entries as Entry[]);
  const { receipts, checked } = state;
  await file.rewrite(() => entriesOf(state));
  const unchecked = [...receipts.keys()].filter((roundId) => !checked.has(roundId));
  /** Closed rounds to be looked at, with the tries left. What closed while the node was down is among them. */
  const due = new Map<Hash, number>(unchecked.slice(-WAITING).map((roundId) => [roundId, ATTEMPTS]));
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let isStopped = false;

  async function record(entry: Entry, durable: boolean): Promise<void> {
    apply(state, entry);
    await file.append(entry, durable);
    if (file.bytes() > COMPACT_AT_BYTES) await file.rewrite(() => entriesOf(state));
  }

  function goOn(pauseMs: number): void {
    if (isStopped || timer !== undefined || due.size === 0) return;
    timer = setTimeout(() => void (working = lookAtOne()), pauseMs * pace);
  }

  async function lookAtOne(): Promise<void> {
    const startedAt = performance.now();
    const waiting = [...due.keys()];
    const roundId = waiting[Math.floor(Math.random() * waiting.length)];
    const signed = roundId && receipts.get(roundId);
    if (signed) {
      const left = due.get(roundId)! - 1;
      const isDone = await check(roundId, signed);
      if (isDone || left <= 0) due.delete(roundId);
      else due.set(roundId, left);
    } else if (roundId) due.delete(roundId);
    timer = undefined;
    goOn(Math.max(FIRST_PAUSE_MS, REST_PER_WORK * (performance.now() - startedAt)));
  }

  /** @returns whether the record could be looked at */
  async function check(roundId: Hash, signed: SignedReceipt): Promise<boolean> {
    try {
      const published = (await api.json(`/auctions/rounds/${roundId}/record`)) as PublishedRound;
      const omission = await proveOmission(signed, published.record);
      if (omission) {
        log.error({ omission }, "the public record lacks answers that the market has receipted: proof against it");
        await record({ omission }, true);
      } else log.debug({ roundId }, "the public record has this node's answers");
      await record({ checked: roundId }, false);
      return true;
    } catch (error) {
      if (!isStopped) log.warn({ roundId, err: error }, "a round's record could not be held to its receipt");
      return false;
    }
  }

  goOn(FIRST_PAUSE_MS);
  return {
    async keep(signed) {
      const { roundId } = signed.receipt;
      if (receipts.has(roundId)) return;
      try {
        await requireSigner(terms.domain, "SheetReceipt", signed.receipt, signed.signature, terms.operator);
      } catch (error) {
        if (!(error instanceof StoaError)) throw error;
        return log.warn({ roundId, err: error }, "a receipt is not the operator's");
      }
      await record(signed, false);
    },
    closed(roundId) {
      if (!receipts.has(roundId)) return;
      due.set(roundId, ATTEMPTS);
      if (due.size > WAITING) due.delete(due.keys().next().value!);
      goOn(FIRST_PAUSE_MS);
    },
    async [Symbol.asyncDispose]() {
      isStopped = true;
      clearTimeout(timer);
      await working;
      await file.close();
    },
  };
}

interface State {
  receipts: Map<Hash, SignedReceipt>;
  /** Rounds whose records were looked at. */
  checked: Set<Hash>;
  omissions: Omission[];
}

function apply({ receipts, checked, omissions }: State, entry: Entry): void {
  if ("omission" in entry) omissions.push(entry.omission);
  else if ("checked" in entry) checked.add(entry.checked);
  else receipts.set(entry.receipt.roundId, entry);
  const [oldest] = receipts.keys();
  if (receipts.size <= KEPT || oldest === undefined) return;
  receipts.delete(oldest);
  checked.delete(oldest);
}

function readEntries(entries: readonly Entry[]): State {
  const state: State = { receipts: new Map(), checked: new Set(), omissions: [] };
  for (const entry of entries) apply(state, entry);
  return state;
}

/** The shortest list of entries that gives the same state again. */
function entriesOf({ receipts, checked, omissions }: State): Entry[] {
  return [
    ...omissions.map((omission) => ({ omission })),
    ...receipts.values(),
    ...[...checked].filter((roundId) => receipts.has(roundId)).map((roundId) => ({ checked: roundId })),
  ];
}
