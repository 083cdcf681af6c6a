import type { EventRecord } from "@stoa/protocol";
import { type Database, EVENTS_CHANNEL, lastEventSeq, listAllEvents } from "@stoa/store";

/** How often the log is looked at when nobody told that it has grown: the most a lost notification costs. */
const LOOK_EVERY_MS = 2_000;
/** Events read at once. */
const PAGE = 1_000;

type Listener = (events: readonly EventRecord[]) => void;

/*
 *   unplaced ──first listener, or first commit──▶ level ──gap, or told by another process──▶ reading ──▶ level
 *
 * Level: all up to the cursor has been told. A commit of this process that follows right on is told without reading;
 * everything else is read from the log by the cursor, so nothing is told twice, out of order or not at all.
 */

/**
 * Tells of every event committed on the database from now on, by whatever process, in the log's order. With an embedded
 * database, which no other process can share, it only passes on what is committed here.
 */
export class EventSource {
  readonly #database: Database;
  readonly #listeners = new Set<Listener>();
  readonly #onPlaced: () => void;
  readonly #isShared: boolean;
  /** The last place in the log that was told; undefined until it is known where to begin. */
  #cursor: number | undefined;
  #unlisten: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  /** @param onPlaced called when it is known where the telling begins: what came before must be looked up */
  constructor(database: Database, onPlaced: () => void) {
    this.#database = database;
    this.#onPlaced = onPlaced;
    this.#isShared = database.kind === "postgresql";
  }

  /** Calls `listener` with the events from now on; returns how to stop that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#isShared && !this.#unlisten && !this.#stopped) {
      this.#unlisten = this.#database.listen(EVENTS_CHANNEL, (payload) => this.#told(payload));
      this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
      this.look();
    }
    return () => this.#listeners.delete(listener);
  }

  /** Takes what a commit of this process appended. */
  committed(events: readonly EventRecord[]): void {
    if (!this.#unlisten || this.#cursor === undefined) return this.#tell(events);
    if (!this.#reading && followsOn(events, this.#cursor)) return this.#tell(events);
    this.look();
  }

  /** Looks whether the log has grown. */
  look(): void {
    if (!this.#unlisten || this.#stopped) return;
    this.#again = true;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
      // What was told between the last look and here saw a reading under way.
      if (this.#again) this.look();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unlisten?.();
    clearInterval(this.#timer);
    await this.#reading;
  }

  #told(payload: string | null): void {
    if (payload !== null && this.#cursor !== undefined && Number(payload) <= this.#cursor) return;
    this.look();
  }

  async #read(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#catchUp();
      } catch {
        // A database that is away: the next look, at the latest in LOOK_EVERY_MS, reads from the same place.
        return;
      }
    }
  }

  async #catchUp(): Promise<void> {
    if (this.#cursor === undefined) {
      const last = await lastEventSeq(this.#database);
      // A commit of this process may have placed it meanwhile.
      this.#cursor ??= last;
      this.#onPlaced();
    }
    let events: EventRecord[];
    do {
      events = await listAllEvents(this.#database, this.#cursor, PAGE);
      this.#tell(events);
    } while (events.length === PAGE && !this.#stopped);
  }

  #tell(events: readonly EventRecord[]): void {
    const last = events.at(-1);
    if (!last) return;
    if (this.#unlisten) this.#cursor = last.seq;
    this.#listeners.forEach((listener) => listener(events));
  }
}

/** Whether a batch's events come right after a place in the log; numbers of transactions that were undone leave gaps. */
function followsOn(events: readonly EventRecord[], cursor: number): boolean {
  return events[0]?.seq === cursor + 1 && events.at(-1)?.seq === cursor + events.length;
}
