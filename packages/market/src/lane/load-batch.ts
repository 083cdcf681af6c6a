import type { LedgerAccount } from "@stoa/core";
import type { Hash, TaskId } from "@stoa/protocol";
import {
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
} from "@stoa/store";
import type { LaneMemory } from "./memory.ts";
import type { Operation } from "./operation.ts";
import { type Loaded, WorkingSet } from "./working-set.ts";

/** Reads what operations name and the lane does not remember, but for balances. What it remembers wins over what is read. */
export async function loadBatch(
  source: Queryable,
  operations: readonly Operation<unknown>[],
  memory: LaneMemory,
  now: number,
): Promise<WorkingSet> {
  const loaded = await loadOwn(source, operations);
  const named = new Set(operations.flatMap((operation) => operation.tasks ?? []));
  await recallTasks(source, memory, named, operations, loaded.nonces);
  const tasks = [...named].flatMap((id) => memory.tasks.get(id) ?? []);
  const current = tasks.flatMap((task): Hash[] => (task.awardHash ? [task.awardHash] : []));
  const ids = tasks.map(({ id }) => id);
  await Promise.all([recallAwards(source, memory, current), recallSettlements(source, memory, ids)]);
  const set = new WorkingSet(memory, named, loaded, now);
  for (const operation of operations) await operation.load?.(source);
  return set;
}

/** The ledger accounts that operations take from or read. */
export function accountsOf(operations: readonly Operation<unknown>[], set: WorkingSet): LedgerAccount[] {
  return [...new Set(operations.flatMap((operation): readonly LedgerAccount[] => operation.accounts?.(set) ?? []))];
}

/** Reads the balances that the lane does not remember, and opens the book the operations post to. */
export async function loadBook(
  source: Queryable,
  accounts: readonly LedgerAccount[],
  memory: LaneMemory,
  set: WorkingSet,
): Promise<void> {
  const missing = accounts.filter((account) => !memory.balances.has(account));
  const found = new Map(await loadBalances(source, missing));
  for (const account of missing) memory.balances.set(account, found.get(account) ?? 0n);
  set.openBook(accounts.map((account) => [account, memory.balances.get(account) ?? 0n]));
}

/** What is read anew for every batch. */
async function loadOwn(source: Queryable, operations: readonly Operation<unknown>[]): Promise<Loaded> {
  const of = <Key>(pick: (operation: Operation<unknown>) => readonly Key[] | Key | undefined): Key[] =>
    operations.flatMap((operation) => pick(operation) ?? []);
  const [nonces, sessions, rounds, sheets, logs, logBytes] = await Promise.all([
    loadNonces(
      source,
      of(({ nonce }) => nonce),
    ),
    loadSessionSpending(
      source,
      of(({ session }) => session),
    ),
    loadRounds(source, [...new Set(of((operation) => operation.rounds))]),
    loadSheetRoots(
      source,
      of(({ sheet }) => sheet),
    ),
    loadLogKeys(
      source,
      of(({ log }) => log),
    ),
    loadLogBytes(source, [...new Set(of(({ log }) => log?.taskId))]),
  ]);
  return { nonces, sessions, rounds, sheets, logs, logBytes };
}

/** A task that an order's number did not open is not looked for: its id is the hash of that order. */
async function recallTasks(
  source: Queryable,
  memory: LaneMemory,
  named: ReadonlySet<TaskId>,
  operations: readonly Operation<unknown>[],
  nonces: Loaded["nonces"],
): Promise<void> {
  const wanted = new Set([
    ...operations.flatMap(({ nonce, tasks = [] }) => (nonce ? [] : tasks)),
    ...nonces.flatMap(({ taskId }) => (named.has(taskId) ? [taskId] : [])),
  ]);
  const missing = [...wanted].filter((id) => !memory.tasks.has(id));
  for (const task of await loadTasks(source, missing)) {
    if (!memory.tasks.has(task.id)) memory.tasks.set(task.id, task);
  }
}

async function recallAwards(source: Queryable, memory: LaneMemory, hashes: readonly Hash[]): Promise<void> {
  const missing = [...new Set(hashes)].filter((hash) => !memory.awards.has(hash));
  for (const award of await loadAwards(source, missing)) memory.awards.set(award.hash, award);
}

async function recallSettlements(source: Queryable, memory: LaneMemory, ids: readonly TaskId[]): Promise<void> {
  const missing = ids.filter((id) => !memory.settlements.has(id));
  const found = new Map((await loadSettlements(source, missing)).map((settlement) => [settlement.taskId, settlement]));
  for (const id of missing) memory.settlements.set(id, found.get(id) ?? null);
}
