import { setTimeout } from "node:timers/promises";
import type { IndexedBlock, IndexProgress, PlacedFact, SettlementFacts, VaultFact } from "@stoa/chain";
import { BPS } from "@stoa/core";
import type { VaultBlock, VaultEvent } from "@stoa/market";
import { StoaError } from "@stoa/protocol";
import { listChainEvents } from "@stoa/store";
import { tableIndex } from "../chain/table-index.ts";
import type { EffectContext } from "./effect-context.ts";

type VaultContext = Pick<EffectContext, "database" | "market" | "log" | "signal"> & {
  /** What the ledger mirrors. */
  facts: SettlementFacts;
  confirmations: number;
  pollMs: number;
  /** Told when the chain goes away (with the error) and when it is back (with null). */
  onFault: (error: Error | null) => void;
};

/** How long a block waits for a database that is away before it is tried again. */
const AGAIN_AFTER_MS = 250;
/** How often is told how far reading the past has come. */
const TELL_EVERY_MS = 5_000;

/**
 * Indexes the market's chain until the signal ends it, and mirrors on the ledger what has enough blocks on it. The index
 * follows the chain wherever it turns; the ledger never turns back, so it never takes a block that may still leave.
 * @throws {StoaError} `chain_reorganised` when a block left the chain that the ledger has taken
 */
export async function followVault(context: VaultContext): Promise<void> {
  const { database, facts, log, signal, confirmations, pollMs } = context;
  await requireInChain(context);
  const tell = teller(context);
  await facts.index({
    store: tableIndex(database, facts.chainId),
    depth: confirmations,
    pollMs,
    signal,
    async onProgress(progress) {
      tell(progress);
      await mirror(context, progress);
    },
    onFault(error, attempt) {
      // The database has a readiness check of its own.
      if (error instanceof StoaError && error.code === "database_unavailable")
        return log.warn({ err: error }, "the index waits for the database");
      context.onFault(error);
      if (error) log.warn({ err: error, attempt }, "the chain is away; settlement waits for it");
      else log.info({ attempt }, "the chain is back");
    },
  });
}

/** Brings the ledger up to the newest block that is deep enough. */
async function mirror(context: VaultContext, { kept, head }: IndexProgress): Promise<void> {
  const { database, market, facts, confirmations } = context;
  const before = await inTheEnd(context, () => market.vaultCursor());
  if (before) requireSame(kept, { number: Number(before.number), hash: before.hash });
  const block = kept.find(({ number }) => number <= head - confirmations);
  if (!block || (before && block.number <= Number(before.number))) return;
  const from = before ? Number(before.number) + 1 : 0;
  const stretch = { addresses: facts.addresses, from, to: block.number };
  const rows = await inTheEnd(context, () => listChainEvents(database, facts.chainId, stretch));
  const events = facts
    .decode(rows?.map((row) => ({ ...row, topics: row.topics as [`0x${string}`] })) ?? [])
    .filter((fact) => !("token" in fact) || fact.token === market.terms.token)
    .flatMap((fact) => eventOf(fact, market.terms.feeBps));
  const applied: VaultBlock = { number: BigInt(block.number), hash: block.hash, events };
  if (rows) await inTheEnd(context, () => market.applyVaultBlock(applied));
}

/** Tries however long the database is away; undefined when the market stops meanwhile, which leaves it to the next start. */
async function inTheEnd<Result>(
  { log, signal }: VaultContext,
  act: () => Promise<Result>,
): Promise<Result | undefined> {
  while (!signal.aborted) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind !== "retry") throw error;
      log.warn({ err: error }, "a block of the chain could not be taken and will be tried again");
      await setTimeout(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

type Cursor = Pick<IndexedBlock, "number" | "hash">;

/** A block the ledger took must be the index's block of that number, as far down as the index keeps blocks. */
function requireSame(kept: readonly IndexedBlock[], taken: Cursor): void {
  const block = kept.find(({ number }) => number === taken.number);
  if (block && block.hash !== taken.hash) throw left(taken, block.hash);
}

/** At the start the chain itself is asked: the ledger's block may be older than what the index keeps. */
async function requireInChain(context: VaultContext): Promise<void> {
  const { market, facts } = context;
  const cursor = await inTheEnd(context, () => market.vaultCursor());
  if (!cursor) return;
  // Away, or behind: the index waits for it, and compares what it keeps.
  const block = await facts.blockAt(Number(cursor.number)).catch(() => null);
  if (block && block.hash !== cursor.hash) throw left({ number: Number(cursor.number), hash: cursor.hash }, block.hash);
}

function left({ number, hash }: Cursor, actual: string): StoaError {
  return new StoaError(
    "chain_reorganised",
    `block ${number} was ${hash} when the ledger took its events, and is ${actual} now: stop the market, compare the ` +
      "ledger with the vault, and start it on a chain that has that block, or on a database from before it",
    { details: { blockNumber: number, expected: hash, actual } },
  );
}

/** Tells of reorganisations at once, and of how far reading the past has come every few seconds. */
function teller({ facts, log }: VaultContext): (progress: IndexProgress) => void {
  let toldAt = performance.now();
  let wasBehind = false;
  return ({ cursor, head, fromBlock, rewound, range }) => {
    const { chainId } = facts;
    if (rewound > 0) log.warn({ chainId, rewound, to: cursor.number }, "the chain turned, and its index with it");
    const isBehind = head - cursor.number > 64;
    const isOver = wasBehind && !isBehind;
    if (!isOver && (!isBehind || performance.now() - toldAt < TELL_EVERY_MS)) return;
    toldAt = performance.now();
    wasBehind = isBehind;
    const percent = Math.floor((100 * (cursor.number - fromBlock)) / Math.max(1, head - fromBlock));
    log.info({ chainId, block: cursor.number, head, percent, range }, "reading the chain's past");
  };
}

/** What the market follows of the vault's facts; skipped items are their submitter's business. */
function eventOf(fact: PlacedFact<VaultFact>, feeBps: number): VaultEvent[] {
  if (fact.type === "settlement_skipped" || fact.type === "claim_skipped") return [];
  if (fact.type !== "settled") return [fact];
  const price = fact.payment + fact.royalty;
  return [{ ...fact, fee: fact.fee ?? (price * BigInt(feeBps)) / BPS }];
}
