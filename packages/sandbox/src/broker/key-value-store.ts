import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { AgentVersionId, Json } from "@stoa/protocol";
import { GrantRefusal } from "./grant-refusal.ts";

/** What one agent version may keep on a node. */
export const keyValueLimits = { keyLength: 256, valueBytes: 64 << 10, totalBytes: 1 << 20, keys: 1_000 } as const;

/** Small durable memory for agents, apart for every agent version. */
export interface KeyValueStore {
  get(version: AgentVersionId, key: string): Promise<Json>;
  set(version: AgentVersionId, key: string, value: Json): Promise<void>;
  delete(version: AgentVersionId, key: string): Promise<void>;
  /** The keys that start with `prefix`, in order. */
  list(version: AgentVersionId, prefix: string): Promise<string[]>;
}

type Entries = Map<string, string>;

function requireKey(key: string): void {
  if (key.length === 0 || key.length > keyValueLimits.keyLength) {
    throw new GrantRefusal(`a key has 1 to ${keyValueLimits.keyLength} characters, got ${key.length}`);
  }
}

function requireRoom(entries: Entries, key: string, json: string): void {
  const { valueBytes, totalBytes, keys } = keyValueLimits;
  if (Buffer.byteLength(json) > valueBytes)
    throw new GrantRefusal(`a value has at most ${valueBytes} bytes, got ${Buffer.byteLength(json)}`);
  if (!entries.has(key) && entries.size >= keys) throw new GrantRefusal(`the store holds ${keys} keys, no more`);
  let total = Buffer.byteLength(key) + Buffer.byteLength(json);
  for (const [other, value] of entries) if (other !== key) total += Buffer.byteLength(other) + Buffer.byteLength(value);
  if (total > totalBytes)
    throw new GrantRefusal(`the store would take ${total} bytes, at most ${totalBytes} are allowed`);
}

async function readEntries(path: string): Promise<Entries> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, string>));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
}

/** Replaces the file whole: a crash leaves the old content or the new. */
async function writeEntries(path: string, entries: Entries): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, "w");
  try {
    await file.writeFile(JSON.stringify(Object.fromEntries(entries)));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}

/**
 * Opens a key-value store; without a folder it lives in memory.
 * @param options.folder where each agent version gets a file of its own; one process at a time may have it open
 */
export function openKeyValueStore(options: { folder?: string } = {}): KeyValueStore {
  const { folder } = options;
  const versions = new Map<AgentVersionId, Promise<Entries>>();
  const writes = new Map<AgentVersionId, Promise<void>>();

  function entriesOf(version: AgentVersionId): Promise<Entries> {
    const known = versions.get(version);
    if (known) return known;
    const read =
      folder === undefined ? Promise.resolve<Entries>(new Map()) : readEntries(join(folder, `${version}.json`));
    versions.set(version, read);
    read.catch(() => versions.delete(version));
    return read;
  }

  /** Changes an agent version's entries, one change after the other. */
  async function change(version: AgentVersionId, apply: (entries: Entries) => void): Promise<void> {
    const before = writes.get(version) ?? Promise.resolve();
    const turn = before
      .catch(() => undefined)
      .then(async () => {
        const entries = new Map(await entriesOf(version));
        apply(entries);
        if (folder !== undefined) {
          await mkdir(folder, { recursive: true });
          await writeEntries(join(folder, `${version}.json`), entries);
        }
        versions.set(version, Promise.resolve(entries));
      });
    writes.set(version, turn);
    await turn;
  }

  return {
    async get(version, key) {
      requireKey(key);
      const json = (await entriesOf(version)).get(key);
      return json === undefined ? null : (JSON.parse(json) as Json);
    },
    async set(version, key, value) {
      requireKey(key);
      const json = JSON.stringify(value);
      await change(version, (entries) => {
        requireRoom(entries, key, json);
        entries.set(key, json);
      });
    },
    async delete(version, key) {
      requireKey(key);
      await change(version, (entries) => void entries.delete(key));
    },
    async list(version, prefix) {
      return [...(await entriesOf(version)).keys()].filter((key) => key.startsWith(prefix)).sort();
    },
  };
}
