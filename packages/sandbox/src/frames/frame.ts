/**
 * Frames between a runner and its sandbox process, on one socket:
 * `u32 length of the rest · u32 length of the JSON · JSON · raw bytes`, little-endian.
 * Both sides import this file, and the child must start fast: it imports nothing of ours.
 */
export interface Frame {
  message: unknown;
  bytes: Uint8Array;
}

export const FRAME_HEADER_BYTES = 8;

/** Puts a message and its raw bytes into one buffer. */
export function encodeFrame(message: object, bytes: Uint8Array = new Uint8Array()): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + json.length + bytes.length);
  frame.writeUInt32LE(4 + json.length + bytes.length, 0);
  frame.writeUInt32LE(json.length, 4);
  json.copy(frame, FRAME_HEADER_BYTES);
  frame.set(bytes, FRAME_HEADER_BYTES + json.length);
  return frame;
}

/** Reads a frame's body, which starts behind its first four bytes. */
export function decodeFrameBody(body: Buffer): Frame {
  const jsonBytes = body.readUInt32LE(0);
  if (jsonBytes > body.length - 4)
    throw new RangeError(`a frame of ${body.length} bytes announces ${jsonBytes} of JSON`);
  return { message: JSON.parse(body.toString("utf8", 4, 4 + jsonBytes)), bytes: body.subarray(4 + jsonBytes) };
}

export interface FrameReader {
  /**
   * Takes a chunk and gives the frames it completes.
   * @throws on a frame that is too long or malformed
   */
  read(chunk: Buffer): Frame[];
  /** True while the beginning of a frame is held whose end has not come. */
  readonly isAmidFrame: boolean;
}

/**
 * Cuts a byte stream into frames.
 * @param maxBytes the longest frame let through; the sender is not trusted
 */
export function createFrameReader(maxBytes: number): FrameReader {
  // What has come of a frame that is not whole yet. It is one buffer that doubles: a sender that drips single bytes
  // would have a list of them take a hundred times their size.
  let store: Buffer = Buffer.alloc(0);
  let held = 0;

  function keep(bytes: Buffer): void {
    if (held + bytes.length > store.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * store.length, held + bytes.length));
      store.copy(larger, 0, 0, held);
      store = larger;
    }
    held += bytes.copy(store, held);
  }

  /** Cuts the next frame off, when it is whole. */
  function cut(bytes: Buffer): { frame: Frame; rest: Buffer } | undefined {
    if (bytes.length < 4) return undefined;
    const length = bytes.readUInt32LE(0);
    if (length < 4 || length > maxBytes)
      throw new RangeError(`a frame of ${length} bytes, at most ${maxBytes} are allowed`);
    const end = 4 + length;
    return bytes.length < end
      ? undefined
      : { frame: decodeFrameBody(bytes.subarray(4, end)), rest: bytes.subarray(end) };
  }

  return {
    get isAmidFrame() {
      return held > 0;
    },
    read(chunk) {
      const isKept = held > 0;
      if (isKept) keep(chunk);
      let rest = isKept ? store.subarray(0, held) : chunk;
      const frames: Frame[] = [];
      for (let next = cut(rest); next; next = cut(rest)) {
        frames.push(next.frame);
        rest = next.rest;
      }
      if (isKept && frames.length === 0) return frames;
      // Frames given out lie in the old buffer, which is theirs now.
      store = Buffer.alloc(0);
      held = 0;
      if (rest.length > 0) keep(rest);
      return frames;
    },
  };
}
