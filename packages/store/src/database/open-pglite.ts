import { join } from "node:path";
import { PGlite, type Transaction } from "@electric-sql/pglite";
import { type FolderLock, lockFolder } from "@stoa/host";
import type { Database, Queryable } from "./database.ts";
import { typeParsers } from "./parsers.ts";

/**
 * Opens the embedded PostgreSQL whose files lie in `folder`; in memory when no folder is given.
 * It survives the death of the process, but does not call fsync: a power cut may lose the last writes.
 * @throws {StoaError} `data_locked` when another process has the folder open
 */
export async function openPglite(folder?: string): Promise<PgliteDatabase> {
  if (folder === undefined) return new PgliteDatabase(await PGlite.create(), undefined);
  const lock = await lockFolder(folder);
  try {
    return new PgliteDatabase(await PGlite.create({ dataDir: join(folder, "pgdata") }), lock);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** PostgreSQL compiled to WebAssembly, in this process. */
export class PgliteDatabase implements Database {
  readonly kind = "pglite";
  readonly pglite: PGlite;
  readonly #lock: FolderLock | undefined;
  readonly #closing = new AbortController();

  constructor(pglite: PGlite, lock: FolderLock | undefined) {
    this.pglite = pglite;
    this.#lock = lock;
  }

  /** There is no other process to hear of. */
  listen(): () => void {
    return () => {};
  }

  async tryLease(): Promise<AbortSignal> {
    return this.#closing.signal;
  }

  async query<Row>(text: string, params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pglite.query<Row>(text, [...params], { parsers: typeParsers })).rows;
  }

  async script(text: string): Promise<void> {
    await this.pglite.exec(text);
  }

  async transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return this.pglite.transaction((tx) => work(queryable(tx)));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (!this.pglite.closed) await this.pglite.close();
    await this.#lock?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function queryable(tx: Transaction): Queryable {
  return {
    query: async <Row>(text: string, params: readonly unknown[] = []) =>
      (await tx.query<Row>(text, [...params], { parsers: typeParsers })).rows,
    script: async (text) => void (await tx.exec(text)),
  };
}
