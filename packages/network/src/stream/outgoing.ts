import { StoaError } from "@stoa/protocol";
import { encodeFrame, FRAME_TARGET_BYTES, MAX_FRAME_BYTES, MAX_FRAME_MESSAGES } from "./frame.ts";

/** Room a frame needs beside its messages: the counters and brackets. */
const ENVELOPE_BYTES = 128;

/** Most bytes of notices that wait for a slow stream; beyond it new ones are turned away. */
const MAX_NOTICE_BYTES = 8 << 20;

interface Numbered {
  seq: number;
  text: string;
  bytes: number;
}

/** What one side has to say to the other: numbered messages until they are acknowledged, and notices told once. */
export interface Outgoing {
  /** Numbers must rise; gaps are allowed. */
  enqueue(seq: number, text: string): void;
  /** False when the stream is too slow for it. */
  notice(text: string): boolean;
  /** Forgets every message up to `seq`. */
  acknowledge(seq: number): void;
  /** Starts a new stream: everything the other side has not dealt with is sent again, and notices of the old stream are dropped. */
  rewind(handledBySeq: number): void;
  /** Drops all that waits. */
  clear(): void;
  /** The next frame, or null when there is nothing to say (and `ack` need not be told). */
  take(ack: number, tellAck: boolean): Uint8Array | null;
  /** Numbered messages not yet acknowledged, and their bytes. */
  waiting(): { messages: number; bytes: number };
}

const encodedMessages = new WeakMap<object, string>();

/**
 * A message as JSON text, encoded once however many nodes it goes to.
 * @throws {StoaError} `too_large` when no frame could carry it
 */
export function messageText(message: object): string {
  const known = encodedMessages.get(message);
  if (known !== undefined) return known;
  const text = JSON.stringify(message);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_FRAME_BYTES - ENVELOPE_BYTES) {
    throw new StoaError("too_large", `a message of ${bytes} bytes is over the frame's ${MAX_FRAME_BYTES}`);
  }
  encodedMessages.set(message, text);
  return text;
}

/** Makes an empty {@link Outgoing}. */
export function createOutgoing(): Outgoing {
  let unacked: Numbered[] = [];
  let unackedBytes = 0;
  let sent = 0;
  let notices: { text: string; bytes: number }[] = [];
  let noticeBytes = 0;

  function takeNumbered(room: { bytes: number; messages: number }): { seq: number; texts: string[] } {
    const texts: string[] = [];
    const first = unacked[sent];
    if (!first) return { seq: 0, texts };
    for (let next = unacked[sent]; next && fits(room, next.bytes); next = unacked[sent]) {
      if (next.seq !== first.seq + texts.length) break;
      take(room, next.bytes);
      texts.push(next.text);
      sent += 1;
    }
    return { seq: first.seq, texts };
  }

  function takeNotices(room: { bytes: number; messages: number }): string[] {
    let count = 0;
    for (let next = notices[0]; next && fits(room, next.bytes); next = notices[count]) {
      take(room, next.bytes);
      noticeBytes -= next.bytes;
      count += 1;
    }
    return notices.splice(0, count).map((notice) => notice.text);
  }

  return {
    enqueue(seq, text) {
      const bytes = Buffer.byteLength(text) + 1;
      unacked.push({ seq, text, bytes });
      unackedBytes += bytes;
    },
    notice(text) {
      const bytes = Buffer.byteLength(text) + 1;
      if (noticeBytes + bytes > MAX_NOTICE_BYTES) return false;
      notices.push({ text, bytes });
      noticeBytes += bytes;
      return true;
    },
    acknowledge(seq) {
      let count = 0;
      while (count < unacked.length && unacked[count]!.seq <= seq) unackedBytes -= unacked[count++]!.bytes;
      if (count === 0) return;
      unacked.splice(0, count);
      sent = Math.max(0, sent - count);
    },
    rewind(handledBySeq) {
      this.acknowledge(handledBySeq);
      notices = [];
      noticeBytes = sent = 0;
    },
    clear() {
      unacked = [];
      notices = [];
      unackedBytes = noticeBytes = sent = 0;
    },
    take(ack, tellAck) {
      const room = { bytes: FRAME_TARGET_BYTES, messages: MAX_FRAME_MESSAGES };
      const numbered = takeNumbered(room);
      const told = takeNotices(room);
      if (numbered.texts.length === 0 && told.length === 0 && !tellAck) return null;
      return encodeFrame(numbered.seq, ack, numbered.texts, told);
    },
    waiting: () => ({ messages: unacked.length, bytes: unackedBytes }),
  };
}

/** A message larger than what is left still goes when the frame is empty: it then goes alone. */
function fits(room: { bytes: number; messages: number }, bytes: number): boolean {
  return room.messages > 0 && (bytes <= room.bytes || room.messages === MAX_FRAME_MESSAGES);
}

function take(room: { bytes: number; messages: number }, bytes: number): void {
  room.bytes -= bytes;
  room.messages -= 1;
}
