import type { LedgerAccount } from "@stoa/core";
import { type EventRecord, type Hash, StoaError, type TaskId } from "@stoa/protocol";
import {
  appendEvents,
  holdLane,
  insertAwards,
  insertLogs,
  insertSheets,
  insertTasks,
  loadAwards,
  loadBalances,
  loadLogBytes,
  loadLogKeys,
  loadNonces,
  loadRounds,
  loadSessionSpending,
  loadSettlements,
  loadSheetRoots,
  loadTasks,
  type Queryable,
  updateAwards,
  updateTasks,
  writeDamages,
  writePostings,
  writeSettlements,
} from "@stoa/store";
import type { Operation } from "./operation.ts";
import { WorkingSet } from "./working-set.ts";

export type Decision = { ok: true; value: unknown } | { ok: false; error: unknown };

/**
 * Runs operations in one open transaction: reads what they need in a handful of set-based statements, lets each
 * decide in turn, and writes all changes, entries and events in a handful more.
 */
export async function runBatch(
  tx: Queryable,
  operations: readonly Operation<unknown>[],
  instant: (databaseTime: number) => number,
): Promise<{ decisions: Decision[]; events: EventRecord[] }> {
  const set = await load(tx, operations, instant(await holdLane(tx)));
  const decisions = operations.map((operation) => decide(operation, set));
  const events = await write(tx, set);
  return { decisions, events };
}

async function load(tx: Queryable, operations: readonly Operation<unknown>[], now: number): Promise<WorkingSet> {
  const ids = distinct(operations.flatMap((operation) => operation.tasks ?? []));
  const tasks = await loadTasks(tx, ids);
  const awardHashes = tasks.flatMap((task): Hash[] => (task.awardHash ? [task.awardHash] : []));
  const delivered = tasks.filter((task) => ["delivered", "settled", "dead"].includes(task.state));
  const awards = await loadAwards(tx, distinct(awardHashes));
  const settlements = await loadSettlements(
    tx,
    delivered.map((task): TaskId => task.id),
  );
  const nonces = await loadNonces(
    tx,
    operations.flatMap((operation) => operation.nonce ?? []),
  );
  const rounds = await loadRounds(tx, distinct(operations.flatMap((operation) => operation.rounds ?? [])));
  const sheets = await loadSheetRoots(
    tx,
    operations.flatMap((operation) => operation.sheet ?? []),
  );
  const logs = await loadLogKeys(
    tx,
    operations.flatMap((operation) => operation.log ?? []),
  );
  const logBytes = await loadLogBytes(tx, distinct(operations.flatMap((operation) => operation.log?.taskId ?? [])));
  const sessions = await loadSessionSpending(
    tx,
    operations.flatMap((operation) => operation.session ?? []),
  );
  const set = new WorkingSet({ tasks, awards, settlements, nonces, sessions, rounds, sheets, logs, logBytes }, now);
  for (const operation of operations) await operation.load?.(tx);
  const accounts = distinct(
    operations.flatMap((operation): readonly LedgerAccount[] => operation.accounts?.(set) ?? []),
  );
  set.openBook(await loadBalances(tx, accounts));
  return set;
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

async function write(tx: Queryable, set: WorkingSet): Promise<EventRecord[]> {
  await insertTasks(tx, [...set.inserted]);
  await updateTasks(tx, [...set.changed]);
  await insertAwards(tx, set.awardsAdded);
  await updateAwards(tx, set.awardsChanged);
  await writeSettlements(tx, set.settlementsChanged);
  await writeDamages(tx, set.damages, set.now);
  await insertSheets(tx, set.sheetsAdded);
  await insertLogs(tx, set.logsAdded);
  await writePostings(tx, set.book.applied, set.now);
  for (const deferred of set.deferred) await deferred(tx);
  return appendEvents(tx, set.events, set.now);
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}
