import type { LedgerAccount } from "@stoa/core";
import { type Hash, type NewEvent, StoaError, type TaskId } from "@stoa/protocol";
import {
  appendEvents,
  insertAlarms,
  insertAwards,
  insertLogs,
  insertSettlements,
  insertSheets,
  insertTasks,
  type Queryable,
  type Statement,
  updateAwards,
  updateSettlements,
  updateTasks,
  writeDamages,
  writePostings,
  writeSessionSpending,
} from "@stoa/store";
import { type Claims, claimsOf, excludes } from "./claims.ts";
import { accountsOf, loadBatch, loadBook } from "./load-batch.ts";
import type { Changed, LaneMemory } from "./memory.ts";
import type { Operation } from "./operation.ts";
import type { DeferredWrite, WorkingSet } from "./working-set.ts";

export type Decision = { ok: true; value: unknown } | { ok: false; error: unknown };

/** A batch that is decided, and what is left to do for it: to write, as text that no later batch can change. */
export interface PreparedBatch {
  decisions: Decision[];
  statements: Statement[];
  deferred: readonly DeferredWrite[];
  events: readonly NewEvent[];
  /** Appends the events; the last to be sent. */
  appending: Statement[];
  now: number;
  changed: Changed;
  claims: Claims;
}

/** What batches are prepared with. */
export interface Preparation {
  memory: LaneMemory;
  /** The batch's instant, epoch milliseconds. */
  now: number;
}

/**
 * Reads what operations need and the lane does not remember, in a handful of set-based statements, and lets each decide
 * in turn, in memory.
 * @param tx an open transaction that holds the lane
 */
export async function prepareBatch(
  tx: Queryable,
  operations: readonly Operation<unknown>[],
  { memory, now }: Preparation,
): Promise<PreparedBatch> {
  memory.trim();
  const set = await loadBatch(tx, operations, memory, now);
  await loadBook(tx, accountsOf(operations, set), memory, set);
  return decideBatch(operations, set, memory);
}

/**
 * Prepares a batch on what the one under way has decided and not committed yet: it stands only if that commits, and no
 * other process writes before this one does.
 * @returns undefined when it needs to read what the one under way changes; it then waits for its own transaction
 */
export async function prepareAhead(
  database: Queryable,
  operations: readonly Operation<unknown>[],
  { memory, now }: Preparation,
  underWay: PreparedBatch,
): Promise<PreparedBatch | undefined> {
  if (operations.some(({ load }) => load) || excludes(claimsOf(operations), underWay.claims)) return undefined;
  memory.trim(underWay.changed);
  const set = await loadBatch(database, operations, memory, now);
  const accounts = accountsOf(operations, set);
  if (accounts.some((name) => underWay.changed.accounts.has(name) && !memory.balances.has(name))) return undefined;
  await loadBook(database, accounts, memory, set);
  return decideBatch(operations, set, memory);
}

function decideBatch(operations: readonly Operation<unknown>[], set: WorkingSet, memory: LaneMemory): PreparedBatch {
  const decisions = operations.map((operation) => decide(operation, set));
  for (const [account, amount] of set.book.moved) memory.move(account, amount);
  const alarms = set.arm();
  const [inserted, changed] = [[...set.inserted], [...set.changed]];
  const [awardsAdded, awardsChanged] = [set.awardsAdded, set.awardsChanged];
  return {
    decisions,
    statements: [
      ...insertTasks(inserted),
      ...updateTasks(changed),
      ...insertAlarms(alarms),
      ...insertAwards(awardsAdded),
      ...updateAwards(awardsChanged),
      ...insertSettlements(set.settlementsAdded),
      ...updateSettlements(set.settlementsChanged),
      ...writeDamages(set.damages, set.now),
      ...insertSheets(set.sheetsAdded),
      ...insertLogs(set.logsAdded),
      ...writePostings(set.book.applied, set.now),
      ...writeSessionSpending(set.sessionChanges),
    ],
    deferred: set.deferred,
    events: set.events,
    appending: appendEvents(set.events, set.now),
    now: set.now,
    changed: {
      tasks: new Set<TaskId>([...inserted, ...changed].map(({ id }) => id)),
      awards: new Set<Hash>([...awardsAdded, ...awardsChanged].map(({ hash }) => hash)),
      accounts: new Set<LedgerAccount>(set.book.moved.keys()),
    },
    claims: claimsOf(operations, [...inserted, ...changed]),
  };
}

/** A refusal leaves the batch as it was. Anything else thrown may have changed half of something: the batch is off. */
function decide(operation: Operation<unknown>, set: WorkingSet): Decision {
  const before = set.changes;
  try {
    return { ok: true, value: operation.decide(set) };
  } catch (error) {
    const refused = error instanceof StoaError && error.definition.kind !== "bug" && set.changes === before;
    if (!refused) throw error;
    return { ok: false, error };
  }
}
