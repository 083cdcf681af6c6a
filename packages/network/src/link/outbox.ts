import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { StoaError } from "@stoa/protocol";

/** Numbers are reserved on disk in blocks, so that none is ever used twice whatever was lost with the memory. */
const BLOCK = 1_000_000;
/** The file is rewritten without what was acknowledged once it is this large and mostly dead. */
const COMPACT_AT_BYTES = 4 << 20;

type Entry = { reserved: number } | { seq: number; text: string } | { acked: number };

/** What a node must not forget: its numbering, and the messages that were not acknowledged. */
export interface Outbox {
  /** Names this numbering; it lives as long as the folder. */
  readonly session: string;
  /** Messages kept before this process began, in order. */
  readonly kept: readonly { seq: number; text: string }[];
  nextSeq(): number;
  /** Resolves once the message is on disk. */
  keep(seq: number, text: string): Promise<void>;
  /** Forgets every message up to `seq`, in time: after a crash some may come again. */
  acknowledge(seq: number): void;
  close(): Promise<void>;
}

interface Loaded {
  session: string;
  reserved: number;
  live: Map<number, string>;
}

/** Reads the journal; only its last line may be torn, by a crash while it was written. */
function load(text: string, path: string): Loaded {
  const lines = text.split("\n");
  const whole = lines.slice(0, -1);
  const head = whole[0] === undefined ? null : (parseLine(whole[0], path) as { session?: unknown });
  const session = typeof head?.session === "string" ? head.session : randomBytes(16).toString("hex");
  const loaded: Loaded = { session, reserved: 0, live: new Map() };
  for (const line of whole.slice(1)) apply(loaded, parseLine(line, path) as Entry);
  return loaded;
}

function parseLine(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new StoaError("invalid_configuration", `${path} is damaged: a line before its last is not JSON`, { cause });
  }
}

function apply(loaded: Loaded, entry: Entry): void {
  if ("reserved" in entry) loaded.reserved = entry.reserved;
  else if ("acked" in entry) forget(loaded.live, entry.acked);
  else loaded.live.set(entry.seq, entry.text);
}

function forget(live: Map<number, string>, seq: number): void {
  for (const known of live.keys()) {
    if (known > seq) return;
    live.delete(known);
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Writes the whole journal anew, safe against a crash at any point. */
async function rewrite(folder: string, path: string, state: Loaded): Promise<FileHandle> {
  const lines = [{ session: state.session }, { reserved: state.reserved }, ...[...state.live].map(([seq, text]) => ({ seq, text }))];
  const fresh = `${path}.new`;
  const file = await open(fresh, "w", 0o600);
  await file.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await file.sync();
  await file.close();
  await rename(fresh, path);
  const directory = await open(folder, "r");
  await directory.sync();
  await directory.close();
  return await open(path, "a", 0o600);
}

/**
 * Opens a node's outbox in a folder, which it makes when absent. One process at a time may hold a folder.
 * @throws {StoaError} `invalid_configuration` when the journal is damaged before its end
 */
export async function openOutbox(folder: string): Promise<Outbox> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "outbox.jsonl");
  const state = load(await readIfThere(path), path);
  let next = state.reserved + 1;
  state.reserved += BLOCK;
  const kept = [...state.live].map(([seq, text]) => ({ seq, text }));
  let file = await rewrite(folder, path, state);
  let bytes = (await file.stat()).size;
  let waiting: { line: string; durable: boolean; done(error?: unknown): void }[] = [];
  let writing: Promise<void> | null = null;

  async function writeBatch(batch: typeof waiting): Promise<void> {
    const text = batch.map((entry) => entry.line).join("");
    await file.appendFile(text);
    if (batch.some((entry) => entry.durable)) await file.datasync();
    bytes += Buffer.byteLength(text);
    if (bytes < COMPACT_AT_BYTES) return;
    const live = [...state.live.values()].reduce((sum, message) => sum + message.length, 0);
    if (live * 2 > bytes) return;
    await file.close();
    file = await rewrite(folder, path, state);
    bytes = (await file.stat()).size;
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await writeBatch(batch);
        for (const entry of batch) entry.done();
      } catch (error) {
        for (const entry of batch) entry.done(error);
      }
    }
    writing = null;
  }

  function append(entry: Entry, durable: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.push({ line: `${JSON.stringify(entry)}\n`, durable, done: (error) => (error === undefined ? resolve() : reject(error as Error)) });
      writing ??= Promise.resolve().then(write);
    });
  }

  return {
    session: state.session,
    kept,
    nextSeq() {
      if (next + BLOCK / 2 > state.reserved) {
        state.reserved += BLOCK;
        append({ reserved: state.reserved }, true).catch(() => (state.reserved -= BLOCK));
      }
      return next++;
    },
    keep(seq, text) {
      state.live.set(seq, text);
      return append({ seq, text }, true);
    },
    acknowledge(seq) {
      const first = state.live.keys().next();
      if (first.done || first.value > seq) return;
      forget(state.live, seq);
      // A lost note only brings a message again, which the market drops by its number.
      append({ acked: seq }, false).catch(() => undefined);
    },
    async close() {
      while (writing) await writing;
      await file.close();
    },
  };
}
