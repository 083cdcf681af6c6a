import type { Database } from "@stoa/store";

/** The tables that grow with every life cycle, with the columns whose ids must differ from row to row. */
const GROWING: Record<string, readonly string[]> = {
  tasks: ["id", "award_hash", "nonce"],
  orders: ["task_id"],
  awards: ["hash", "task_id"],
  entries: ["posting_id", "task_id"],
  events: ["task_id"],
  settlements: ["task_id"],
};

/** How many rows the tables have that grow with every life cycle. */
export async function countRows(database: Database): Promise<number> {
  let rows = 0;
  for (const table of Object.keys(GROWING)) {
    const [row] = await database.query<{ count: bigint }>(`select count(*) from ${table}`);
    rows += Number(row!.count);
  }
  return rows;
}

/**
 * Fills a database that has some finished life cycles with copies of them under other ids, to about so many rows in all.
 * The balances stay as they are: the ledger's laws do not hold over the copies.
 */
export async function preload(database: Database, rows: number): Promise<void> {
  const copies = Math.floor(rows / (await countRows(database))) - 1;
  if (copies <= 0) return;
  for (const [table, ids] of Object.entries(GROWING)) {
    const columns = await database.query<{ name: string }>(
      `select attname as name from pg_attribute
        where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
          and attname <> 'seq' order by attnum`,
      [table],
    );
    const names = columns.map(({ name }) => name);
    const values = names.map((name) => (ids.includes(name) ? otherId(name) : `"${name}"`));
    await database.query(
      `insert into ${table} (${names.map((name) => `"${name}"`).join(", ")})
       select ${values.join(", ")} from ${table} cross join generate_series(1, ${copies}) as copy`,
    );
  }
  await database.script("vacuum analyze");
}

/** Another id of the same form: hex digits that nothing else has, behind whatever comes before the first of them. */
function otherId(column: string): string {
  return `split_part("${column}", '0x', 1) || '0x' || md5("${column}" || copy) || md5(copy || "${column}")`;
}
