import { type EventRecord, MAX_EVENTS } from "@stoa/protocol";
import { type Database, lastEventSeq, listAllEvents, listEvents } from "@stoa/store";
import type { Logger } from "pino";
import { ofTopics } from "./of-topics.ts";
import { requireLogSince } from "./require-log-since.ts";
import type { Subscriber } from "./subscriber.ts";
import { writeEvents } from "./write-events.ts";

/** How long the hub waits before it reads again from a database that was away. */
const RETRY_MS = 500;

/*
 * A subscriber:  backfilling ──has seen all the hub has──▶ live ──too slow, closed──▶ gone
 * The step to live happens within one turn of the event loop, so no event falls between the two.
 */

/**
 * Reads the event log once for everybody and hands each batch to all who are live. It follows the log by cursor;
 * being told of new events only wakes it, so it misses none that another process wrote.
 */
export class Hub {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #live = new Set<Subscriber>();
  /** The last place in the log that was handed out. */
  #cursor = 0;
  #reading: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  /** Starts at the log's end. */
  async start(): Promise<void> {
    this.#cursor = await lastEventSeq(this.#database);
  }

  get subscribers(): number {
    return this.#live.size;
  }

  /** Takes note that the log has grown; `events` are what a commit of this process appended. */
  wake(events: readonly EventRecord[]): void {
    if (this.#closed) return;
    if (!this.#reading && this.#followsOn(events)) {
      this.#broadcast(events);
      return;
    }
    this.#again = true;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
  }

  /** Brings a subscriber up to date from `after`, or from what is new when that is undefined, and keeps it so. */
  async follow(subscriber: Subscriber, after: number | undefined): Promise<void> {
    let seen = after ?? this.#cursor;
    for (;;) {
      // Nothing is awaited between this comparison and becoming live.
      if (seen >= this.#cursor) {
        if (subscriber.isOpen && !this.#closed) this.#live.add(subscriber);
        return;
      }
      if (!subscriber.isOpen || this.#closed) return;
      const until = this.#cursor;
      const events = await listEvents(this.#database, { after: seen, viewer: subscriber.viewer, limit: MAX_EVENTS });
      await requireLogSince(this.#database, seen);
      const known = events.filter(({ seq }) => seq <= until);
      subscriber.send(known);
      await subscriber.drained();
      seen = known.length === MAX_EVENTS ? (known.at(-1)?.seq ?? until) : until;
    }
  }

  /** Forgets a subscriber. */
  leave(subscriber: Subscriber): void {
    this.#live.delete(subscriber);
  }

  /** Hands out nothing more, and resolves when the last read is over. */
  async stop(): Promise<void> {
    this.#closed = true;
    await this.#reading;
    this.#live.clear();
  }

  /** Whether these events come right after what was handed out: then the log need not be read. */
  #followsOn(events: readonly EventRecord[]): boolean {
    return events.length > 0 && events.every(({ seq }, i) => seq === this.#cursor + 1 + i);
  }

  async #read(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        let events: EventRecord[];
        do {
          events = await listAllEvents(this.#database, this.#cursor, MAX_EVENTS);
          this.#broadcast(events);
        } while (events.length === MAX_EVENTS && !this.#closed);
      } catch (error) {
        this.#log.warn({ err: error }, "the event log cannot be read; trying again");
        this.#again = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #broadcast(events: readonly EventRecord[]): void {
    const last = events.at(-1);
    if (!last) return;
    this.#cursor = last.seq;
    const batch = new Batch(events);
    for (const subscriber of this.#live) {
      const text = batch.for(subscriber);
      if (text) subscriber.sendText(text);
    }
  }
}

/** The texts of one batch: written once for all that are to be sent the same, in the same format. */
class Batch {
  readonly #events: readonly EventRecord[];
  readonly #audiences: ReadonlySet<string>;
  readonly #written = new Map<string, string | null>();

  constructor(events: readonly EventRecord[]) {
    this.#events = events;
    this.#audiences = new Set(events.flatMap(({ audience }) => audience ?? []));
  }

  /** Null when the batch has nothing for the subscriber. */
  for({ viewer, format, topics }: Subscriber): string | null {
    const own = viewer !== null && this.#audiences.has(viewer) ? viewer : null;
    const key = `${format} ${own} ${topics === null ? "" : [...topics].join()}`;
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const visible = this.#events.filter(({ audience }) => audience === null || audience === own);
    const wanted = ofTopics(visible, topics);
    const text = wanted.length > 0 ? writeEvents(format, wanted) : null;
    this.#written.set(key, text);
    return text;
  }
}
