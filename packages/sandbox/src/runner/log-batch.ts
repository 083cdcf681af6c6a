import { printable } from "./printable.ts";

/** How long log lines wait for more to be passed on with. */
const LOG_BATCH_MS = 20;

export interface LogBatch {
  /** Bytes logged so far, one for every line's end included. */
  readonly bytes: number;
  /** Takes text on; false when that made the log longer than it may be. */
  add(text: string): boolean;
  /** Passes on what waits. */
  flush(): void;
}

/** Gathers what an execution logs, for its listener to hear in batches of printable lines. */
export function createLogBatch(maxBytes: number, deliver: (lines: string[]) => void): LogBatch {
  let bytes = 0;
  let lines: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const batch = lines;
    lines = [];
    if (batch.length > 0) deliver(batch);
  }

  return {
    get bytes() {
      return bytes;
    },
    add(text) {
      bytes += Buffer.byteLength(text) + 1;
      if (bytes > maxBytes) return false;
      for (const line of printable(text).split("\n")) lines.push(line);
      timer ??= setTimeout(flush, LOG_BATCH_MS);
      return true;
    },
    flush,
  };
}
