import { type EventRecord, StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { LaneMemory } from "./memory.ts";
import type { Operation } from "./operation.ts";
import { prepareAhead, prepareBatch, type PreparedBatch } from "./prepare-batch.ts";
import { takeBatch } from "./take-batch.ts";
import { writeBatch } from "./write-batch.ts";

/** Most operations one transaction takes: keeps a batch within some tens of milliseconds. */
const MAX_BATCH = 1_000;
/** Fewer than these wait for the transaction under way to end: a batch of its own would cost more than it saves. */
const LEAST_AHEAD = 100;

export interface LaneInit {
  database: Database;
  /** A batch's instant, given the database's time when it has the lane; both epoch milliseconds. */
  instant: (databaseTime: number) => number;
  /** The same by estimate, for a batch that is decided before it has the lane. */
  clock: () => number;
  /** Called with every batch's events after it has committed, in order. */
  onEvents: (events: readonly EventRecord[]) => void;
  /** Called after every batch that has committed. */
  onBatch?: ((batch: CommittedBatch) => void) | undefined;
  /** Called when the database went away: whether the batch committed is not known. */
  onAway: () => void;
  /** Most operations one transaction takes. */
  maxBatch?: number | undefined;
  /** Most tasks it remembers between batches. */
  remembered?: number | undefined;
}

/** What one transaction took. */
export interface CommittedBatch {
  operations: number;
  /** From its turn at the lane to its commit, milliseconds. */
  ms: number;
}

interface Waiting {
  operation: Operation<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Operations that left the queue together, decided already or not. */
interface Batch {
  members: Waiting[];
  prepared?: PreparedBatch | undefined;
}

/** A batch in its transaction. */
interface Commit {
  /** Resolves when all is decided and on its way to the database; undefined when it came to nothing before. */
  sent: Promise<PreparedBatch | undefined>;
  /** Resolves when its callers are answered, or with what it failed with. */
  ended: Promise<{ error: unknown } | undefined>;
}

/*
 * idle ──run()──▶ batching ──queue empty──▶ idle
 *                  │    ▲
 *                  └────┘ takes all that queued meanwhile, no timer
 *
 * While one batch is written, the next is decided on what that one leaves: at most two are under way.
 */

/**
 * The one way anything in the market changes: operations queue here, and each transaction takes all that wait.
 * A caller is answered after the commit. An operation that fails in the database is tried again alone, so that
 * it cannot take others down with it.
 */
export class Lane {
  readonly #init: LaneInit;
  readonly #memory: LaneMemory;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Called when an operation queues. */
  #onQueued: () => void = () => {};

  constructor(init: LaneInit) {
    this.#init = init;
    this.#memory = new LaneMemory({ tasks: init.remembered });
  }

  /**
   * Queues an operation.
   * @throws {StoaError} what the operation refuses with; `database_unavailable` when it may be tried again
   */
  run<Result>(operation: Operation<Result>): Promise<Result> {
    if (this.#stopped) return Promise.reject(new StoaError("server_unavailable", "the server is stopping"));
    const answered = new Promise<Result>((resolve, reject) => {
      this.#queue.push({ operation, resolve, reject });
    });
    this.#onQueued();
    this.#running ??= this.#work();
    return answered;
  }

  /** Takes nothing new, and resolves when all that waits is written. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#running) await this.#running;
  }

  async #work(): Promise<void> {
    try {
      await this.#drain();
    } finally {
      // What queued between the last look and here saw a lane at work, and must not wait for the next caller.
      this.#running = this.#queue.length > 0 ? this.#work() : undefined;
    }
  }

  async #drain(): Promise<void> {
    // The batch of a burst gathers what the same turn of the event loop still brings.
    await nextTurn();
    let next: Batch | undefined;
    while (next || this.#queue.length > 0) {
      const batch = next ?? this.#take();
      const commit = this.#commit(batch);
      next = await this.#takeAhead(commit);
      const failure = await commit.ended;
      if (failure) {
        // The next was decided on what did not come to be.
        if (next) next = { members: next.members };
        await this.#recover(batch.members, failure.error);
      }
      await nextTurn();
    }
  }

  #take(): Batch {
    const { batch, rest } = takeBatch(this.#queue, this.#init.maxBatch ?? MAX_BATCH);
    this.#queue = rest;
    return { members: batch };
  }

  /** The next batch, decided while this one is written; undefined when too few wait for it. */
  async #takeAhead(commit: Commit): Promise<Batch | undefined> {
    const { database, clock } = this.#init;
    const underWay = await commit.sent;
    // The embedded database works in this thread, one transaction at a time: nothing would run beside it.
    if (!underWay || database.kind === "pglite" || !(await this.#gather(commit))) return undefined;
    const { members } = this.#take();
    try {
      const now = clock();
      const prepared = await prepareAhead(database, operationsOf(members), { memory: this.#memory, now }, underWay);
      return { members, prepared };
    } catch {
      // It fails in its own transaction again, if it must, and each of its operations for what it is.
      this.#memory.forget();
      return { members };
    }
  }

  /** Waits until enough operations queue for a batch, or the one under way has ended. */
  #gather(commit: Commit): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = () => this.#queue.length >= LEAST_AHEAD && resolve(true);
    this.#onQueued = look;
    look();
    void commit.ended.then(() => resolve(false));
    return promise.finally(() => (this.#onQueued = () => {}));
  }

  #commit({ members, prepared }: Batch): Commit {
    const sent = Promise.withResolvers<PreparedBatch | undefined>();
    const ended = this.#write(members, prepared, sent.resolve).then(
      () => undefined,
      (error: unknown) => {
        this.#memory.forget();
        sent.resolve(undefined);
        return { error };
      },
    );
    return { sent: sent.promise, ended };
  }

  async #write(
    members: readonly Waiting[],
    prepared: PreparedBatch | undefined,
    onSent: (batch: PreparedBatch) => void,
  ): Promise<void> {
    const { database, instant, onEvents, onBatch } = this.#init;
    const memory = this.#memory;
    const startedAt = performance.now();
    const { decisions, events } = await database.transaction(async (tx) => {
      const { holds, databaseTime } = await memory.take(tx);
      const now = instant(databaseTime);
      const batch = holds && prepared ? prepared : await prepareBatch(tx, operationsOf(members), { memory, now });
      const written = writeBatch(tx, batch);
      onSent(batch);
      return { decisions: batch.decisions, events: await written };
    });
    members.forEach(({ resolve, reject }, i) => {
      const decision = decisions[i];
      if (decision?.ok) resolve(decision.value);
      else reject(decision?.error);
    });
    onBatch?.({ operations: members.length, ms: performance.now() - startedAt });
    // A listener that throws is a bug of its own: the callers, answered above, run after it all the same.
    if (events.length > 0) onEvents(events);
  }

  /** A batch that failed whole: alone, an operation fails for what it is; an absent database fails all alike. */
  async #recover(members: readonly Waiting[], error: unknown): Promise<void> {
    const away = error instanceof StoaError && error.code === "database_unavailable";
    if (away) this.#init.onAway();
    if (away || members.length === 1) {
      for (const { reject } of members) reject(error);
      return;
    }
    for (const waiting of members) {
      const failure = await this.#commit({ members: [waiting] }).ended;
      if (failure) await this.#recover([waiting], failure.error);
    }
  }
}

function operationsOf(members: readonly Waiting[]): Operation<unknown>[] {
  return members.map(({ operation }) => operation);
}

/** Lets the event loop turn: chained queries of the embedded database would starve it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
