import type { Address, EventRecord } from "@stoa/protocol";
import { ofTopics } from "./of-topics.ts";
import { writeEvents } from "./write-events.ts";
import type { Wire } from "./wire.ts";

/** A subscriber that has this much waiting to be sent is too slow to be kept; it can come back and resume. */
const MAX_BUFFERED_BYTES = 4 << 20;
/** A backfill goes on when at most this much of it still waits. */
const REFILL_BYTES = 256 << 10;
const DRAIN_CHECK_MS = 10;

/** One client of the live stream. */
export class Subscriber {
  readonly #wire: Wire;
  /** Whose own events it sees besides the public ones. */
  readonly viewer: Address | null;
  /** What it wants to hear of; null: everything. */
  readonly topics: ReadonlySet<string> | null;

  constructor(wire: Wire, viewer: Address | null, topics: ReadonlySet<string> | null = null) {
    this.#wire = wire;
    this.viewer = viewer;
    this.topics = topics;
  }

  get format(): Wire["format"] {
    return this.#wire.format;
  }

  get isOpen(): boolean {
    return this.#wire.isOpen;
  }

  /** Sends those of the events that it wants to hear of. */
  send(events: readonly EventRecord[]): void {
    const wanted = ofTopics(events, this.topics);
    if (wanted.length > 0) this.sendText(writeEvents(this.format, wanted));
  }

  /** Sends what is written in its format, or drops the client when it does not keep up. */
  sendText(text: string): void {
    if (!this.isOpen) return;
    if (this.#wire.bufferedBytes > MAX_BUFFERED_BYTES) return this.#wire.drop();
    this.#wire.send(text);
  }

  /** Resolves when little is left to be sent, or the client is gone. */
  async drained(): Promise<void> {
    while (this.isOpen && this.#wire.bufferedBytes > REFILL_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
    }
  }
}
