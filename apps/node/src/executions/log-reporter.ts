import type { NodeMessages } from "@stoa/protocol";

/** Lines wait this long for company: twenty messages a second at most, and still live to the eye. */
const BATCH_MS = 50;
const BATCH_LINES = 500;
const BATCH_CHARS = 128 << 10;
const LINE_CHARS = 16_384;

type Sent = NodeMessages["logged"] | NodeMessages["progressed"];

export interface LogReporter {
  lines(lines: readonly string[]): void;
  progress(fraction: number, text: string): void;
  /** Sends what still waits. */
  flush(): void;
}

/** Sends an execution's log lines in numbered batches, and only the latest of its progress. */
export function createLogReporter(
  of: { taskId: `0x${string}`; executionId: string },
  send: (message: Sent) => void,
): LogReporter {
  let waiting: { atMs: number; text: string }[] = [];
  let chars = 0;
  let nextSeq = 0;
  let progress: { fraction: number; text: string } | null = null;
  let timer: NodeJS.Timeout | null = null;

  function sendLines(): void {
    if (waiting.length === 0) return;
    send({ type: "logged", ...of, firstSeq: nextSeq, lines: waiting });
    nextSeq += waiting.length;
    waiting = [];
    chars = 0;
  }

  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    sendLines();
    if (progress) send({ type: "progressed", ...of, ...progress });
    progress = null;
  }

  function flushLater(): void {
    timer ??= setTimeout(flush, BATCH_MS);
  }

  function add(text: string): void {
    waiting.push({ atMs: Date.now(), text });
    chars += text.length;
    if (waiting.length >= BATCH_LINES || chars >= BATCH_CHARS) sendLines();
  }

  return {
    lines(lines) {
      for (const line of lines) {
        for (let at = 0; at === 0 || at < line.length; at += LINE_CHARS) add(line.slice(at, at + LINE_CHARS));
      }
      flushLater();
    },
    progress(fraction, text) {
      progress = { fraction: Math.min(1, Math.max(0, fraction)), text: text.slice(0, 1_000) };
      flushLater();
    },
    flush,
  };
}
