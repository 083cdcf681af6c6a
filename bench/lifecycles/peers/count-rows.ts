import pg from "pg";

/** Rows that sessions which have ended wrote to a database: inserted, updated and deleted, over all its tables. */
export async function countRows(connectionString: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ rows: string }>(
      "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) as rows from pg_stat_user_tables",
    );
    return Number(rows[0]?.rows);
  } finally {
    await client.end();
  }
}
