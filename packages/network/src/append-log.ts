import { type FileHandle, mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { StoaError } from "@stoa/protocol";

/** A file of JSON lines that survives `kill -9`: what was appended durably is there after it. One process at a time may hold it. */
export interface AppendLog {
  /** What stood in the file when it was opened. */
  readonly entries: readonly unknown[];
  /** Resolves once the entry is written, and on disk when it is `durable`; what is queued together shares one sync. */
  append(entry: unknown, durable: boolean): Promise<void>;
  /**
   * Replaces the content, safe against a crash at any point. The entries are asked for when their turn comes and
   * must cover all that was appended until then: change the state first, then append.
   */
  rewrite(entries: () => readonly unknown[]): Promise<void>;
  bytes(): number;
  /** Closes after everything queued is written. */
  close(): Promise<void>;
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function parseLine(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new StoaError("invalid_configuration", `${path} is damaged: a line before its last is not JSON`, { cause });
  }
}

const linesOf = (entries: readonly unknown[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

async function replace(path: string, text: string): Promise<FileHandle> {
  const fresh = `${path}.new`;
  const file = await open(fresh, "w", 0o600);
  await file.writeFile(text);
  await file.sync();
  await file.close();
  await rename(fresh, path);
  const folder = await open(dirname(path), "r");
  await folder.sync();
  await folder.close();
  return await open(path, "a", 0o600);
}

/**
 * Opens a log, which it makes when absent. A last line torn by a crash was never answered for and is dropped.
 * @throws {StoaError} `invalid_configuration` when the file is damaged before its end
 */
export async function openAppendLog(path: string): Promise<AppendLog> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = await readIfThere(path);
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const entries = whole
    .split("\n")
    .slice(0, -1)
    .map((line) => parseLine(line, path));
  let file = whole === text && text !== "" ? await open(path, "a", 0o600) : await replace(path, whole);
  let bytes = Buffer.byteLength(whole);
  let queue: { line: string; durable: boolean; done(error?: Error): void }[] = [];
  let working: Promise<void> | null = null;

  async function writeQueue(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        const lines = batch.map((entry) => entry.line).join("");
        await file.appendFile(lines);
        if (batch.some((entry) => entry.durable)) await file.datasync();
        bytes += Buffer.byteLength(lines);
        for (const entry of batch) entry.done();
      } catch (error) {
        for (const entry of batch) entry.done(error as Error);
      }
    }
  }

  /** One piece of work on the file at a time. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = (working ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined).then(() => void (working === settled && (working = null)));
    working = settled;
    return turn;
  }

  return {
    entries,
    append(entry, durable) {
      return new Promise((resolve, reject) => {
        const done = (error?: Error) => (error === undefined ? resolve() : reject(error));
        queue.push({ line: `${JSON.stringify(entry)}\n`, durable, done });
        if (queue.length === 1) void inTurn(writeQueue);
      });
    },
    rewrite: (fresh) =>
      inTurn(async () => {
        const covered = queue;
        queue = [];
        const content = linesOf(fresh());
        try {
          await file.close();
          file = await replace(path, content);
          bytes = Buffer.byteLength(content);
          for (const entry of covered) entry.done();
        } catch (error) {
          for (const entry of covered) entry.done(error as Error);
          throw error;
        }
      }),
    bytes: () => bytes,
    async close() {
      while (working) await working;
      await file.close();
    },
  };
}
