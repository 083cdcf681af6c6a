import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "@stoa/store";
import { startPostgres } from "./start-postgres.ts";

/** A database of one test file's own, empty but for its schema. */
export interface TestDatabase extends AsyncDisposable {
  database: Database;
  /** Opens another connection pool to the same data; only a server takes two. */
  another(): Promise<Database>;
}

export interface DatabaseKind {
  name: string;
  /** Whether several processes may have it open. */
  shared: boolean;
  start(): Promise<TestDatabase>;
}

/** Every kind of database the market runs on, for `describe.each`. */
export const databaseKinds: readonly DatabaseKind[] = [
  { name: "PGlite in memory", shared: false, start: () => startEmbedded() },
  { name: "PGlite in a folder", shared: false, start: startFolder },
  { name: "PostgreSQL", shared: true, start: startServed },
];

async function startEmbedded(folder?: string): Promise<TestDatabase> {
  const database = await openDatabase({ folder });
  return {
    database,
    another: () => Promise.reject(new Error("an embedded database is open once")),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

async function startFolder(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-data-"));
  const started = await startEmbedded(folder);
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startServed(): Promise<TestDatabase> {
  const server = await startPostgres();
  const url = await server.createDatabase("market");
  const opened: Database[] = [];
  const another = async () => {
    const database = await openDatabase({ url });
    opened.push(database);
    return database;
  };
  return {
    database: await another(),
    another,
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database.close();
      await server.stop();
    },
  };
}
