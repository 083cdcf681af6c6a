import { StoaError } from "@stoa/protocol";

/** Largest frame on the wire: a round of a thousand tasks, or a message with a whole input, fits. */
export const MAX_FRAME_BYTES = 4 << 20;
/** A frame takes no further message beyond this, so that one slow transfer does not hold up the rest. */
export const FRAME_TARGET_BYTES = 256 << 10;
/** Most messages of one frame. */
export const MAX_FRAME_MESSAGES = 4_096;

/** What travels at once: numbered messages, messages told once, and how far the other side's numbers were dealt with. */
export interface Frame {
  /** Number of the first of `messages`; the rest follow it without a gap. */
  seq: number;
  /** Every message of the receiver's up to this number has been dealt with. */
  ack: number;
  messages: unknown[];
  notices: unknown[];
}

/** Writes a frame from messages that are JSON text already, so that a broadcast is encoded once. */
export function encodeFrame(
  seq: number,
  ack: number,
  messages: readonly string[],
  notices: readonly string[],
): Uint8Array {
  return Buffer.from(`{"seq":${seq},"ack":${ack},"messages":[${messages.join(",")}],"notices":[${notices.join(",")}]}`);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Reads a frame; its messages are still unchecked.
 * @throws {StoaError} `malformed_json` or `invalid_request` when the bytes are no frame
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new StoaError("malformed_json", `a frame of ${bytes.byteLength} bytes is not JSON in UTF-8`, { cause });
  }
  const frame = json as Partial<Frame> | null;
  const whole =
    typeof frame === "object" &&
    frame !== null &&
    isCount(frame.seq) &&
    isCount(frame.ack) &&
    Array.isArray(frame.messages) &&
    Array.isArray(frame.notices);
  if (!whole) throw new StoaError("invalid_request", "a frame must be {seq, ack, messages, notices}");
  const { seq, ack, messages, notices } = frame as Frame;
  if (messages.length + notices.length > MAX_FRAME_MESSAGES) {
    throw new StoaError(
      "too_large",
      `a frame has at most ${MAX_FRAME_MESSAGES} messages, got ${messages.length + notices.length}`,
    );
  }
  return { seq, ack, messages, notices };
}
