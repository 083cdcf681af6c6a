import { type EventRecord, StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import type { Operation } from "./operation.ts";
import { type Decision, runBatch } from "./run-batch.ts";
import { takeBatch } from "./take-batch.ts";

/** Most operations one transaction takes: keeps a batch within some tens of milliseconds. */
const MAX_BATCH = 1_000;

export interface LaneInit {
  database: Database;
  /** A batch's instant, given the database's time when it has the lane; both epoch milliseconds. */
  instant: (databaseTime: number) => number;
  /** Called with every batch's events after it has committed, in order. */
  onEvents: (events: readonly EventRecord[]) => void;
  /** Called when the database went away: whether the batch committed is not known. */
  onAway: () => void;
  /** Most operations one transaction takes. */
  maxBatch?: number | undefined;
}

interface Waiting {
  operation: Operation<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/*
 * idle ──run()──▶ batching ──queue empty──▶ idle
 *                  │    ▲
 *                  └────┘ takes all that queued meanwhile, no timer
 */

/**
 * The one way anything in the market changes: operations queue here, and each transaction takes all that wait.
 * A caller is answered after the commit. An operation that fails in the database is tried again alone, so that
 * it cannot take others down with it.
 */
export class Lane {
  readonly #init: LaneInit;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(init: LaneInit) {
    this.#init = init;
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
    while (this.#queue.length > 0) {
      const { batch, rest } = takeBatch(this.#queue, this.#init.maxBatch ?? MAX_BATCH);
      this.#queue = rest;
      await this.#commit(batch);
      await nextTurn();
    }
  }

  async #commit(batch: Waiting[]): Promise<void> {
    let outcome: { decisions: Decision[]; events: EventRecord[] };
    try {
      outcome = await this.#init.database.transaction((tx) =>
        runBatch(
          tx,
          batch.map(({ operation }) => operation),
          this.#init.instant,
        ),
      );
    } catch (error) {
      await this.#recover(batch, error);
      return;
    }
    batch.forEach(({ resolve, reject }, i) => {
      const decision = outcome.decisions[i];
      if (decision?.ok) resolve(decision.value);
      else reject(decision?.error);
    });
    // A listener that throws is a bug of its own: the callers, answered above, run after it all the same.
    if (outcome.events.length > 0) this.#init.onEvents(outcome.events);
  }

  /** A batch that failed whole: alone, an operation fails for what it is; an absent database fails all alike. */
  async #recover(batch: Waiting[], error: unknown): Promise<void> {
    const away = error instanceof StoaError && error.code === "database_unavailable";
    if (away) this.#init.onAway();
    if (away || batch.length === 1) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const waiting of batch) await this.#commit([waiting]);
  }
}

/** Lets the event loop turn: chained queries of the embedded database would starve it. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
