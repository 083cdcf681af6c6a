import type { Address, EventRecord } from "@stoa/protocol";
import type { WebSocket } from "ws";

/** A subscriber that has this much waiting to be sent is too slow to be kept; it can come back and resume. */
const MAX_BUFFERED_BYTES = 4 << 20;
/** A backfill goes on when at most this much of it still waits. */
const REFILL_BYTES = 256 << 10;
const DRAIN_CHECK_MS = 10;

/** Close codes of the live stream, in the range applications may define. */
export const CLOSE_CODES = { goingAway: 1001, unexpected: 1011, tooSlow: 4008, signedOut: 4401 } as const;

/** One client of the live stream. */
export class Subscriber {
  readonly #socket: WebSocket;
  /** Whose own events it sees besides the public ones. */
  readonly viewer: Address | null;

  constructor(socket: WebSocket, viewer: Address | null) {
    this.#socket = socket;
    this.viewer = viewer;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(events: readonly EventRecord[]): void {
    if (events.length > 0) this.sendFrame(JSON.stringify(events));
  }

  /** Sends a frame, or drops the client when it does not keep up. */
  sendFrame(frame: string): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.#socket.close(CLOSE_CODES.tooSlow, "too slow: come back with after=");
      // A peer that does not read does not answer the close either.
      this.#socket.terminate();
      return;
    }
    this.#socket.send(frame);
  }

  /** Resolves when little is left to be sent, or the client is gone. */
  async drained(): Promise<void> {
    while (this.isOpen && this.#socket.bufferedAmount > REFILL_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
    }
  }
}
