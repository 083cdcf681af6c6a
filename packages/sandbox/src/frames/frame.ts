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

/**
 * Cuts a byte stream into frames.
 * @param maxBytes the longest frame let through; the sender is not trusted
 * @returns a function that takes a chunk and gives the frames it completes; it throws on a frame that is too long or malformed
 */
export function createFrameReader(maxBytes: number): (chunk: Buffer) => Frame[] {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 4;

  return function read(chunk) {
    chunks.push(chunk);
    held += chunk.length;
    const frames: Frame[] = [];
    while (held >= wanted) {
      const buffer = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      chunks = [buffer];
      const length = buffer.readUInt32LE(0);
      if (length < 4 || length > maxBytes)
        throw new RangeError(`a frame of ${length} bytes, at most ${maxBytes} are allowed`);
      wanted = 4 + length;
      if (held < wanted) break;
      frames.push(decodeFrameBody(buffer.subarray(4, wanted)));
      chunks = held > wanted ? [buffer.subarray(wanted)] : [];
      held -= wanted;
      wanted = 4;
    }
    return frames;
  };
}
