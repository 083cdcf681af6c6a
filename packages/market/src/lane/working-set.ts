import { Book, type LedgerAccount, type Posting } from "@stoa/core";
import { type Address, type Hash, type NewEvent, type RoundId, StoaError, type TaskId } from "@stoa/protocol";
import type {
  Alarm,
  AwardRecord,
  DamagesRecord,
  LogKey,
  LogRecord,
  OrderNonce,
  Queryable,
  RoundStatus,
  SessionChange,
  SessionId,
  SettlementRecord,
  SheetKey,
  SheetRecord,
  TaskRecord,
} from "@stoa/store";
import type { LaneMemory } from "./memory.ts";

/** What a batch read for itself alone; tasks, awards, settlements and balances are the lane's to remember. */
export interface Loaded {
  /** Order numbers that opened a task before. */
  nonces: readonly (OrderNonce & { taskId: TaskId })[];
  /** What session keys have spent or hold. */
  sessions: readonly (SessionId & { spent: bigint })[];
  rounds: readonly RoundStatus[];
  /** Sheets that were placed before. */
  sheets: readonly (SheetKey & { root: Hash })[];
  /** Pieces of logs that are kept already. */
  logs: readonly LogKey[];
  /** How much of each task's log is kept. */
  logBytes: readonly (readonly [TaskId, number])[];
}

/** A write of an operation's own, run in the batch's transaction after the shared ones. */
export type DeferredWrite = (tx: Queryable) => Promise<unknown>;

/**
 * What one batch works on, in memory: operations decide one after another on what the earlier ones left,
 * and everything they changed is then written at once.
 */
export class WorkingSet {
  /** The batch's instant, epoch milliseconds. */
  readonly now: number;
  readonly #memory: LaneMemory;
  /** Those the batch's operations name, and those they open. */
  readonly #tasks = new Map<TaskId, TaskRecord>();
  readonly #nonces: Map<string, TaskId>;
  readonly #sessions: Map<string, bigint>;
  /** What each task under a session key counts for now. */
  readonly #costs = new Map<TaskRecord, bigint>();
  readonly #sessionChanges = new Map<string, SessionChange>();
  readonly #rounds: Map<RoundId, RoundStatus>;
  readonly #sheets: Map<string, Hash>;
  readonly #logs: Set<string>;
  readonly #logBytes: Map<TaskId, number>;
  #book = new Book([]);
  readonly inserted = new Set<TaskRecord>();
  readonly changed = new Set<TaskRecord>();
  readonly #awardsAdded = new Map<Hash, AwardRecord>();
  readonly #awardsChanged = new Map<Hash, AwardRecord>();
  readonly #settlementsAdded = new Map<TaskId, SettlementRecord>();
  readonly #settlementsChanged = new Map<TaskId, SettlementRecord>();
  readonly damages: DamagesRecord[] = [];
  readonly events: NewEvent[] = [];
  readonly deferred: DeferredWrite[] = [];
  readonly sheetsAdded: SheetRecord[] = [];
  readonly logsAdded: LogRecord[] = [];
  #changes = 0;

  /** @param named tasks that the batch's operations name */
  constructor(memory: LaneMemory, named: Iterable<TaskId>, loaded: Loaded, now: number) {
    this.now = now;
    this.#memory = memory;
    for (const id of named) {
      const task = memory.tasks.get(id);
      if (!task) continue;
      this.#tasks.set(id, task);
      if (task.session) this.#costs.set(task, costOf(task));
    }
    this.#nonces = new Map(loaded.nonces.map(({ requester, nonce, taskId }) => [`${requester}:${nonce}`, taskId]));
    this.#sessions = new Map(loaded.sessions.map((session) => [sessionKey(session), session.spent]));
    this.#rounds = new Map(loaded.rounds.map((round) => [round.id, round]));
    this.#sheets = new Map(loaded.sheets.map((sheet) => [sheetKey(sheet), sheet.root]));
    this.#logs = new Set(loaded.logs.map(logKey));
    this.#logBytes = new Map(loaded.logBytes);
  }

  /** How many changes were made so far: an operation that refuses must have made none. */
  get changes(): number {
    return this.#changes;
  }

  get book(): Book {
    return this.#book;
  }

  openBook(balances: readonly [LedgerAccount, bigint][]): void {
    this.#book = new Book(balances);
  }

  findTask(id: TaskId): TaskRecord | undefined {
    return this.#tasks.get(id);
  }

  /** The task a requester opened with this order number, if any. */
  taskOfNonce(requester: Address, nonce: string): TaskId | undefined {
    return this.#memory.taskOfNonce(requester, nonce) ?? this.#nonces.get(`${requester}:${nonce}`);
  }

  /** @throws {StoaError} `not_found` */
  task(id: TaskId): TaskRecord {
    const task = this.#tasks.get(id);
    if (!task) throw new StoaError("not_found", `there is no task ${id}`);
    return task;
  }

  /** The award a task stands under now. @throws {StoaError} `wrong_state` when it has none */
  currentAward(task: TaskRecord): AwardRecord {
    const award = task.awardHash === null ? undefined : this.award(task.awardHash);
    if (!award) throw new StoaError("wrong_state", `the task ${task.id} is ${task.state} and has no award`);
    return award;
  }

  award(hash: Hash): AwardRecord | undefined {
    return this.#memory.awards.get(hash);
  }

  get awardsAdded(): AwardRecord[] {
    return [...this.#awardsAdded.values()];
  }

  /** As the last operation left each. */
  get awardsChanged(): AwardRecord[] {
    return [...this.#awardsChanged.values()];
  }

  get settlementsAdded(): SettlementRecord[] {
    return [...this.#settlementsAdded.values()];
  }

  get settlementsChanged(): SettlementRecord[] {
    return [...this.#settlementsChanged.values()];
  }

  settlement(taskId: TaskId): SettlementRecord | undefined {
    return this.#tasks.has(taskId) ? (this.#memory.settlements.get(taskId) ?? undefined) : undefined;
  }

  round(id: RoundId): RoundStatus | undefined {
    return this.#rounds.get(id);
  }

  /** The root of the answers a node gave in a round before, if it did. */
  sheetRoot(key: SheetKey): Hash | undefined {
    return this.#sheets.get(sheetKey(key));
  }

  addSheet(sheet: SheetRecord): void {
    this.#changes += 1;
    this.#sheets.set(sheetKey(sheet), sheet.sheet.answersRoot);
    this.sheetsAdded.push(sheet);
  }

  /** Whether a piece of a log is kept already. */
  hasLog(key: LogKey): boolean {
    return this.#logs.has(logKey(key));
  }

  /** How much of a task's log is kept, that of this batch included. */
  logBytes(taskId: TaskId): number {
    return this.#logBytes.get(taskId) ?? 0;
  }

  addLog(log: LogRecord): void {
    this.#changes += 1;
    this.#logBytes.set(log.taskId, this.logBytes(log.taskId) + log.bytes);
    this.#logs.add(logKey(log));
    this.logsAdded.push(log);
  }

  /** What a session key has spent, or holds for tasks under way, those of this batch included. */
  spentBy(session: SessionId): bigint {
    const key = sessionKey(session);
    return (this.#sessions.get(key) ?? 0n) + (this.#sessionChanges.get(key)?.amount ?? 0n);
  }

  get sessionChanges(): SessionChange[] {
    return [...this.#sessionChanges.values()].filter(({ amount }) => amount !== 0n);
  }

  /** Moves what a task's session key has spent by what the task has come to cost. */
  #countSpending(task: TaskRecord): void {
    if (!task.session) return;
    const { key, nonce } = task.session.key;
    const cost = costOf(task);
    const amount = cost - (this.#costs.get(task) ?? 0n);
    this.#costs.set(task, cost);
    const id = sessionKey({ key, nonce });
    const before = this.#sessionChanges.get(id)?.amount ?? 0n;
    this.#sessionChanges.set(id, { key, nonce, amount: before + amount });
  }

  insertTask(task: TaskRecord): void {
    this.#changes += 1;
    this.#countSpending(task);
    this.#tasks.set(task.id, task);
    this.#memory.addTask(task);
    this.inserted.add(task);
  }

  /** Marks a task as changed, once it is; its version moves once per batch, which is what the write is guarded by. */
  touchTask(task: TaskRecord): void {
    this.#changes += 1;
    task.updatedAt = this.now;
    this.#countSpending(task);
    if (this.inserted.has(task) || this.changed.has(task)) return;
    task.version += 1;
    this.changed.add(task);
  }

  putAward(award: AwardRecord): void {
    this.#changes += 1;
    const known = this.#memory.awards.has(award.hash);
    // A new one is its operation's, which may have to decide again: what later ones make of it is made of a copy.
    const own = known ? award : { ...award };
    const fresh = !known || this.#awardsAdded.has(award.hash);
    (fresh ? this.#awardsAdded : this.#awardsChanged).set(award.hash, own);
    this.#memory.awards.set(award.hash, own);
  }

  putSettlement(settlement: SettlementRecord): void {
    this.#changes += 1;
    settlement.updatedAt = this.now;
    const fresh = !this.#memory.settlements.get(settlement.taskId) || this.#settlementsAdded.has(settlement.taskId);
    (fresh ? this.#settlementsAdded : this.#settlementsChanged).set(settlement.taskId, settlement);
    this.#memory.settlements.set(settlement.taskId, settlement);
  }

  /** Sets an alarm for each task that has none in time for when the clock must look at it next. */
  arm(): Alarm[] {
    const alarms: Alarm[] = [];
    for (const task of [...this.inserted, ...this.changed]) {
      if (task.wakeAt === null || (task.alarmAt !== null && task.alarmAt <= task.wakeAt)) continue;
      task.alarmAt = task.wakeAt;
      alarms.push({ taskId: task.id, at: task.wakeAt, openedAt: task.openedAt });
    }
    return alarms;
  }

  post(posting: Posting): void {
    this.#book.post(posting);
    this.#changes += 1;
  }

  emit(event: NewEvent): void {
    this.#changes += 1;
    this.events.push(event);
  }

  defer(write: DeferredWrite): void {
    this.#changes += 1;
    this.deferred.push(write);
  }
}

/** What a task counts for against its session key's limit: at most its maximum price, while nobody knows better. */
function costOf({ outcome, maxPrice }: TaskRecord): bigint {
  if (!outcome) return maxPrice;
  return outcome.kind === "settled" ? BigInt(outcome.charge) : 0n;
}

function sessionKey({ key, nonce }: SessionId): string {
  return `${key}:${nonce}`;
}

function sheetKey({ roundId, node }: SheetKey): string {
  return `${roundId}:${node}`;
}

function logKey({ taskId, executionId, firstSeq }: LogKey): string {
  return `${taskId}:${executionId}:${firstSeq}`;
}
