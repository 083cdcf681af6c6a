import type { Database } from "@stoa/store";

/** Trades what a power cut would lose for speed: for a PostgreSQL server that is filled, measured and thrown away. */
export async function tuneForLoading(database: Database): Promise<void> {
  const settings = ["fsync = off", "full_page_writes = off", "max_wal_size = '8GB'", "checkpoint_timeout = '1h'"];
  for (const setting of settings) await database.script(`alter system set ${setting}`);
  await database.query("select pg_reload_conf()");
}
