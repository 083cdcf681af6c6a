import { randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Hash, hashBytes, StoaError } from "@stoa/protocol";
import { Meter } from "./meter.ts";
import type { ObjectStore } from "./object-store.ts";
import { Verifier } from "./verifier.ts";

/** Opens an object store that lies in a folder: a file an object. */
export function openFolderStore(folder: string): ObjectStore {
  const incoming = join(folder, "incoming");
  mkdirSync(incoming, { recursive: true });
  // Spread over 256 folders, which every file system bears.
  const pathOf = (hash: Hash) => join(folder, "sha256", hash.slice(2, 4), hash.slice(2));

  async function keep(hash: Hash, stream: Readable, maxBytes: number): Promise<number> {
    // Written aside and renamed when whole: no reader ever sees half an object under its name.
    const temporary = join(incoming, randomUUID());
    const target = pathOf(hash);
    const meter = new Meter(maxBytes, hash);
    try {
      await pipeline(stream, meter, createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true }));
      await mkdir(dirname(target), { recursive: true });
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(target));
    return meter.bytes;
  }

  const openFile: ObjectStore["open"] = async (hash, range) => {
    const file = await open(pathOf(hash), "r").catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? new StoaError("not_found", `there is no object ${hash}`) : error;
    });
    const { size } = await file.stat();
    const content = file.createReadStream(range);
    if (range) return { bytes: size, stream: content };
    const stream = new Verifier(hash);
    pipeline(content, stream).catch((error: Error) => stream.destroy(error));
    return { bytes: size, stream };
  };

  return {
    async put(bytes) {
      const hash = hashBytes(bytes);
      if (!(await exists(pathOf(hash)))) await keep(hash, Readable.from([bytes], { objectMode: false }), bytes.length);
      return hash;
    },
    putStream: keep,
    open: openFile,
    get: async (hash) => buffer((await openFile(hash)).stream),
    has: (hash) => exists(pathOf(hash)),
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** A renamed file survives a power cut only once its folder is on disk too. Windows does so by itself, and refuses. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
