/** `u8 stream · three zeros · u32 length, big-endian · bytes`: how an engine sends two outputs on one connection. */
const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Parts an attached connection into its two outputs.
 * @returns a function that takes a chunk as it arrived
 */
export function createStreamSplitter(
  onStdout: (bytes: Buffer) => void,
  onStderr: (bytes: Buffer) => void,
): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let left = 0;
  let isStderr = false;
  return function split(chunk) {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const more = chunk.subarray(at, at + HEADER_BYTES - header.length);
        header = Buffer.concat([header, more]);
        at += more.length;
        if (header.length < HEADER_BYTES) return;
        isStderr = header[0] === STDERR;
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const bytes = chunk.subarray(at, at + left);
      at += bytes.length;
      left -= bytes.length;
      if (isStderr) onStderr(bytes);
      else onStdout(bytes);
    }
  };
}
