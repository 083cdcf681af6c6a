/** Something SQL can be sent to: a database or an open transaction. */
export interface Queryable {
  /**
   * Runs one statement with `$n` parameters.
   * `bigint` columns come back as `bigint`, `timestamptz` as epoch milliseconds, `jsonb` parsed.
   * @throws {StoaError} `database_unavailable` when the database is away; the driver's error for bad SQL
   */
  query<Row = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Runs several statements without parameters. */
  script(text: string): Promise<void>;
}

/** PostgreSQL, embedded or served: the same statements run on both. */
export interface Database extends Queryable, AsyncDisposable {
  readonly kind: "pglite" | "postgresql";
  /**
   * Calls back with what other processes tell on a channel by `pg_notify`, and with null when something may have been
   * missed; what this process tells it is not told. Returns how to stop that. An embedded database has no others.
   */
  listen(channel: string, heard: (payload: string | null) => void): () => void;
  /**
   * Takes a lease that one process holds at a time, when nobody has it: it is held until the signal, which aborts when
   * another process may have it, or until {@link close}. Null when another has it.
   * @throws {StoaError} `database_unavailable`
   */
  tryLease(name: string): Promise<AbortSignal | null>;
  /** Runs `work` in one transaction: all of it is durable when this resolves, or none. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
