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
  /** Runs `work` in one transaction: all of it is durable when this resolves, or none. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
