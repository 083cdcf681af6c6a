import type { LedgerAccount } from "@stoa/core";
import type { Address, Hash, TaskId } from "@stoa/protocol";
import { type AwardRecord, holdLane, type Queryable, type SettlementRecord, type TaskRecord } from "@stoa/store";

/** Most tasks that are remembered, and most awards; about 4 KB for each task with its award. */
const TASKS = 50_000;
/** Most balances. */
const ACCOUNTS = 100_000;

/** What a batch has changed of what is remembered. */
export interface Changed {
  tasks: ReadonlySet<TaskId>;
  awards: ReadonlySet<Hash>;
  accounts: ReadonlySet<LedgerAccount>;
}

/**
 * What the lane remembers between batches, so that a task is not read again for every step: rows as the last batch of
 * this process left them. It holds only while no other process writes through the lane. Each batch learns by its turn
 * whether one did, before it writes: see {@link take}. Whatever is uncertain is forgotten whole.
 */
export class LaneMemory {
  readonly tasks = new Map<TaskId, TaskRecord>();
  readonly awards = new Map<Hash, AwardRecord>();
  /** `null`: it is known that there is none. */
  readonly settlements = new Map<TaskId, SettlementRecord | null>();
  /** Of the tasks remembered that this process opened. */
  readonly #nonces = new Map<string, TaskId>();
  readonly balances = new Map<LedgerAccount, bigint>();
  readonly #bounds: { tasks: number; accounts: number };
  #last: { turn: bigint; databaseStartedAt: number } | undefined;

  constructor(bounds: { tasks?: number | undefined; accounts?: number | undefined } = {}) {
    this.#bounds = { tasks: bounds.tasks ?? TASKS, accounts: bounds.accounts ?? ACCOUNTS };
  }

  /**
   * Takes the lane for an open transaction.
   * @returns whether what was remembered still holds, or else it is forgotten; and the database's time, epoch milliseconds
   */
  async take(tx: Queryable): Promise<{ holds: boolean; databaseTime: number }> {
    const { turn, databaseStartedAt, now } = await holdLane(tx);
    const holds = this.#last?.turn === turn - 1n && this.#last.databaseStartedAt === databaseStartedAt;
    if (!holds) this.forget();
    this.#last = { turn, databaseStartedAt };
    return { holds, databaseTime: now };
  }

  /** After a batch that failed, or whose fate is not known: everything is read again. */
  forget(): void {
    this.#last = undefined;
    this.tasks.clear();
    this.awards.clear();
    this.settlements.clear();
    this.#nonces.clear();
    this.balances.clear();
  }

  /** The task that this process opened with an order's number, while it is remembered. */
  taskOfNonce(requester: Address, nonce: string): TaskId | undefined {
    return this.#nonces.get(nonceKey(requester, nonce));
  }

  /** A task that this process opens now: nothing else is in the database for it. */
  addTask(task: TaskRecord): void {
    this.tasks.set(task.id, task);
    this.settlements.set(task.id, null);
    this.#nonces.set(nonceKey(task.requester, task.order.nonce), task.id);
  }

  /** Moves the balances that are remembered. */
  move(account: LedgerAccount, amount: bigint): void {
    const balance = this.balances.get(account);
    if (balance !== undefined) this.balances.set(account, balance + amount);
  }

  /**
   * Forgets the oldest beyond the bounds, but for what a batch under way has changed: until that has committed, the
   * database does not have it.
   */
  trim(underWay: Changed = NOTHING): void {
    for (const [id, task] of this.tasks) {
      if (this.tasks.size <= this.#bounds.tasks) break;
      if (underWay.tasks.has(id)) continue;
      this.tasks.delete(id);
      this.settlements.delete(id);
      this.#nonces.delete(nonceKey(task.requester, task.order.nonce));
    }
    for (const hash of this.awards.keys()) {
      if (this.awards.size <= this.#bounds.tasks) break;
      if (!underWay.awards.has(hash)) this.awards.delete(hash);
    }
    for (const account of this.balances.keys()) {
      if (this.balances.size <= this.#bounds.accounts) break;
      if (!underWay.accounts.has(account)) this.balances.delete(account);
    }
  }
}

const NOTHING: Changed = { tasks: new Set(), awards: new Set(), accounts: new Set() };

function nonceKey(requester: Address, nonce: string): string {
  return `${requester}:${nonce}`;
}
