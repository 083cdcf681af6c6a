import { setTimeout as sleep } from "node:timers/promises";
import { StoaError } from "@stoa/protocol";
import type { NetworkLog } from "../network-log.ts";
import type { Frame } from "./frame.ts";
import { createKeyedLanes } from "./keyed-lanes.ts";
import { createLane } from "./lane.ts";

const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

/** Messages that wait to be dealt with before the reader is asked to pause, and to go on again. */
const PAUSE_AT = 512;
const RESUME_AT = 128;

export interface IncomingOptions<Message> {
  /** Throws for what is no message. */
  parse(json: unknown): Message;
  /** Sees a message as it arrives, before those that still wait. */
  peek?(message: Message): void;
  /** Deals with one message; the next numbered one of its key waits for it, as does the next that is told once. */
  handle(message: Message): Promise<void>;
  /** What a numbered message is about: those about different things are dealt with side by side. */
  keyOf(message: Message): string;
  /** A message that could not be read. */
  onInvalid(error: StoaError): void;
  /** There is a new number to acknowledge. */
  onHandled(): void;
  /** The backlog asks the reader to pause (true) or to go on (false). */
  onPressure(pause: boolean): void;
  log: NetworkLog;
}

/**
 * Takes one side's messages in order (numbered ones of one key, and those told once, each for themselves), drops those it
 * has seen, and knows what to acknowledge: every number up to which all were dealt with.
 */
export interface Incoming {
  /** Begins a stream of the peer's numbering `session`; returns the last number dealt with. */
  begin(session: string): number;
  accept(frame: Frame): void;
  /** Puts a piece of work between the messages: those before it are begun first, all later ones wait for it. */
  enqueue(work: () => Promise<void> | void): void;
  /** Last number dealt with. */
  ack(): number;
  /** Numbering of the peer and the last number dealt with, or null before the first stream. */
  position(): { session: string; seq: number } | null;
  /** Stops after the piece of work that runs now; what waits is neither dealt with nor acknowledged. */
  stop(): Promise<void>;
}

/** Makes an {@link Incoming}: a message is acknowledged only after `handle` resolved, and retried while it fails with a fault worth retrying. */
export function createIncoming<Message extends { type: string }>(options: IncomingOptions<Message>): Incoming {
  const { log } = options;
  const stopping = new AbortController();
  const stopped = Promise.withResolvers<void>();
  // What is told once does not wait behind what is written to a database: a bid is worth nothing late.
  const numbered = createKeyedLanes(relax, log);
  const told = createLane(relax, log);
  let session = "";
  let received = 0;
  let handled = 0;
  /** Numbers received and not yet acknowledged, rising, with whether each was dealt with. */
  let open: { seq: number; isHandled: boolean }[] = [];
  let pressed = false;

  function press(): void {
    if (!pressed && numbered.length() + told.length() >= PAUSE_AT) options.onPressure((pressed = true));
  }

  function relax(): void {
    if (pressed && numbered.length() + told.length() <= RESUME_AT) options.onPressure((pressed = false));
  }

  async function attempt(type: string, work: () => Promise<void>): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      try {
        return await work();
      } catch (error) {
        const retry = error instanceof StoaError && error.definition.kind === "retry";
        if (!retry) return log.error({ err: error, type }, "a message could not be dealt with");
        log.warn({ err: error, type, waitMs }, "a message waits and is tried again");
        await sleep(waitMs, undefined, { signal: stopping.signal });
      }
    }
  }

  function read(json: unknown): Message | null {
    try {
      const message = options.parse(json);
      options.peek?.(message);
      return message;
    } catch (error) {
      if (!(error instanceof StoaError)) throw error;
      options.onInvalid(error);
      return null;
    }
  }

  function acceptNumbered(json: unknown, seq: number): void {
    if (seq <= received) return;
    received = seq;
    const message = read(json);
    const of = session;
    const entry = { seq, isHandled: false };
    open.push(entry);
    numbered.push(message ? options.keyOf(message) : "", async () => {
      if (message) await attempt(message.type, () => options.handle(message));
      entry.isHandled = true;
      if (of === session) advance();
    });
  }

  function advance(): void {
    const first = open.findIndex(({ isHandled }) => !isHandled);
    const done = first < 0 ? open.length : first;
    if (done === 0) return;
    handled = open[done - 1]!.seq;
    open = open.slice(done);
    options.onHandled();
  }

  return {
    begin(peerSession) {
      if (peerSession !== session) {
        session = peerSession;
        received = handled = 0;
        open = [];
      }
      return handled;
    },
    accept(frame) {
      frame.messages.forEach((json, index) => acceptNumbered(json, frame.seq + index));
      for (const json of frame.notices) {
        const message = read(json);
        if (message) told.push(() => attempt(message.type, () => options.handle(message)));
      }
      press();
    },
    enqueue(work) {
      const done = Promise.withResolvers<void>();
      numbered.pushAlone(() => attempt("session", async () => work()).finally(done.resolve));
      told.push(() => Promise.race([done.promise, stopped.promise]));
    },
    ack: () => handled,
    position: () => (session === "" ? null : { session, seq: handled }),
    async stop() {
      stopping.abort();
      stopped.resolve();
      await Promise.all([numbered.stop(), told.stop()]);
    },
  };
}
