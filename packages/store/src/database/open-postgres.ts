import { StoaError } from "@stoa/protocol";
import pg from "pg";
import type { Database, Queryable } from "./database.ts";
import { typeParsers } from "./parsers.ts";
import { PostgresSession } from "./postgres-session.ts";

/** Connection failures and server shutdowns: worth retrying, nothing was decided. */
const AWAY = /^(08|57P0|53300)|^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|ENOENT)$/;

/**
 * Opens a PostgreSQL server.
 * @param options.connections most connections held at once
 * @throws {StoaError} `database_unavailable` when it cannot be reached
 */
export async function openPostgres(url: string, options: { connections?: number } = {}): Promise<PostgresDatabase> {
  const database = new PostgresDatabase(url, options.connections ?? 10);
  await database.query("select 1");
  return database;
}

/** Ours for the types we read ourselves, the driver's for the rest. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text") =>
    typeParsers[oid] ?? pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig["getTypeParser"],
};

/** A pool of connections to a PostgreSQL server. */
export class PostgresDatabase implements Database {
  readonly kind = "postgresql";
  readonly pool: pg.Pool;
  /** Server processes that serve the pool. */
  readonly #own = new Set<number>();
  readonly #session: PostgresSession;
  #closed = false;

  constructor(url: string, connections: number) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: connections,
      // Statements here look at a few rows: starting workers for one, or compiling it, takes longer than it runs.
      options: "-c timezone=UTC -c max_parallel_workers_per_gather=0 -c jit=off",
      // What is sent without waiting for the answer before goes out at once.
      pipeline: true,
    });
    // An idle connection that breaks is replaced at its next use, which then reports the error to its caller.
    this.pool.on("error", () => {});
    this.pool.on("connect", (client) => this.#own.add(processIdOf(client)));
    this.pool.on("remove", (client) => this.#own.delete(processIdOf(client)));
    this.#session = new PostgresSession(url, (processId) => this.#own.has(processId));
  }

  listen(channel: string, heard: (payload: string | null) => void): () => void {
    return this.#session.listen(channel, heard);
  }

  tryLease(name: string): Promise<AbortSignal | null> {
    return this.#session.tryLease(name);
  }

  async query<Row>(text: string, params: readonly unknown[] = []): Promise<Row[]> {
    return run<Row>(this.pool, text, params);
  }

  async script(text: string): Promise<void> {
    await guarded(() => this.pool.query(text));
  }

  async transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    const client = await guarded(() => this.pool.connect());
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    client.on("error", onError);
    try {
      const begun = run(client, "begin", []);
      // Where it fails, so does what is sent behind it, and whoever waits for that is told.
      begun.catch(() => {});
      const result = await work({
        query: (text, params) => run(client, text, params ?? []),
        script: async (text) => void (await guarded(() => client.query(text))),
      });
      await begun;
      await run(client, "commit", []);
      return result;
    } catch (error) {
      await client.query("rollback").catch((cause: Error) => (broken = cause));
      throw error;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.close();
    await this.pool.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The driver keeps it without declaring it. */
function processIdOf(client: pg.PoolClient): number {
  return (client as unknown as { processID: number }).processID;
}

const statementNames = new Map<string, string>();

/** Every text is prepared once per connection, under a name of its own. */
function nameOf(text: string): string {
  const known = statementNames.get(text);
  if (known) return known;
  const name = `stoa_${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

async function run<Row>(client: pg.Pool | pg.PoolClient, text: string, params: readonly unknown[]): Promise<Row[]> {
  const statement = params.length > 0 ? { name: nameOf(text), text, values: [...params], types } : { text, types };
  const result = await guarded(() => client.query(statement));
  return result.rows as Row[];
}

async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (isAway(cause))
      throw new StoaError("database_unavailable", `PostgreSQL is away: ${(cause as Error).message}`, { cause });
    throw cause;
  }
}

function isAway(cause: unknown): boolean {
  const { code, message } = cause as { code?: string; message?: string };
  return (
    (code !== undefined && AWAY.test(code)) ||
    /Connection terminated|connection timeout|Client has encountered a connection error/i.test(message ?? "")
  );
}
