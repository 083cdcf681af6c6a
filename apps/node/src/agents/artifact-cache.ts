import { mkdir, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@stoa/host";
import { type Hash, hashBytes } from "@stoa/protocol";
import type { Logger } from "pino";

export interface ArtifactCacheOptions {
  folder: string;
  /** Most that is kept, in bytes. */
  maxBytes: number;
  /** Where an artifact comes from that is not kept; its bytes are checked by whoever fetches. */
  fetch(hash: Hash): Promise<Uint8Array>;
  /** Whether an agent that is hosted now is made of it: such are the last to go. */
  isHosted(hash: Hash): boolean;
  log: Logger;
}

/** Artifacts a node keeps on its disk, so that it need not fetch them again. */
export interface ArtifactCache {
  /** An artifact, from the disk or from where it comes from, checked against its hash. */
  get(hash: Hash): Promise<Uint8Array>;
  /** Drops what a killed node left half written, and what is too much for the bound. */
  sweep(): Promise<void>;
}

interface Kept {
  name: string;
  bytes: number;
  usedAt: number;
}

const IS_HASH = /^0x[0-9a-f]{64}$/;

/**
 * Opens a cache of artifacts that stays within its bound: what was used least recently goes first, and of that what no
 * hosted agent is made of. A file's time of change says when it was last used.
 */
export function openArtifactCache({ folder, maxBytes, fetch, isHosted, log }: ArtifactCacheOptions): ArtifactCache {
  const fetching = new Map<Hash, Promise<Uint8Array>>();

  async function read(hash: Hash): Promise<Uint8Array | undefined> {
    const path = join(folder, hash);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    if (hashBytes(bytes) !== hash) {
      log.warn({ hash }, "a cached artifact was damaged; it is fetched again");
      return undefined;
    }
    const now = new Date();
    // It may have been dropped meanwhile, to make room.
    await utimes(path, now, now).catch(() => undefined);
    return bytes;
  }

  async function fetchAndKeep(hash: Hash): Promise<Uint8Array> {
    const bytes = await fetch(hash);
    if (bytes.length > maxBytes) return bytes;
    await writeWhole(join(folder, hash), bytes);
    await makeRoom();
    return bytes;
  }

  async function list(): Promise<Kept[]> {
    const names = (await readdir(folder)).filter((name) => IS_HASH.test(name));
    const kept = await Promise.all(
      names.map((name) =>
        stat(join(folder, name)).then(
          ({ size, mtimeMs }) => ({ name, bytes: size, usedAt: mtimeMs }),
          () => undefined,
        ),
      ),
    );
    return kept.filter((file) => file !== undefined);
  }

  async function makeRoom(): Promise<void> {
    const kept = await list();
    let over = kept.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
    const hosted = (file: Kept) => Number(isHosted(file.name as Hash));
    for (const file of kept.sort((a, b) => hosted(a) - hosted(b) || a.usedAt - b.usedAt)) {
      if (over <= 0) return;
      log.debug({ hash: file.name, bytes: file.bytes }, "a cached artifact makes room");
      await rm(join(folder, file.name), { force: true });
      over -= file.bytes;
    }
  }

  return {
    async get(hash) {
      const kept = await read(hash);
      if (kept) return kept;
      const ongoing = fetching.get(hash) ?? fetchAndKeep(hash).finally(() => fetching.delete(hash));
      fetching.set(hash, ongoing);
      return await ongoing;
    },
    async sweep() {
      await mkdir(folder, { recursive: true });
      const left = (await readdir(folder)).filter((name) => !IS_HASH.test(name));
      await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
      await makeRoom();
    },
  };
}
