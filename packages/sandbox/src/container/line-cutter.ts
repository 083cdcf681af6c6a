const NEWLINE = 0x0a;

/**
 * Cuts bytes into lines of UTF-8 text, whatever chunks they arrive in.
 * @param maxBytes the longest line held; a longer one is told of and the rest is dropped
 */
export function createLineCutter(
  maxBytes: number,
  onLine: (line: string) => void,
  onTooLong: () => void,
): { take(bytes: Buffer): void; end(): void } {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isOver = false;
  function flush(): void {
    const line = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    onLine(line.toString("utf8"));
  }
  return {
    take(bytes) {
      let at = 0;
      while (!isOver && at < bytes.length) {
        const end = bytes.indexOf(NEWLINE, at);
        const part = bytes.subarray(at, end === -1 ? bytes.length : end);
        heldBytes += part.length;
        if (heldBytes > maxBytes) {
          isOver = true;
          held = [];
          return onTooLong();
        }
        held.push(part);
        if (end === -1) return;
        flush();
        at = end + 1;
      }
    },
    end() {
      if (!isOver && heldBytes > 0) flush();
    },
  };
}
