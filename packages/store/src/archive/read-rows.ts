import type { Queryable } from "../database/database.ts";
import { type PartitionedName, partitionedTables } from "../partitions/partitioned-tables.ts";
import { type ArchiveColumn, lineOf } from "./archive-lines.ts";

/** What a page of lines aims at: large enough to compress well, small enough to be nothing in memory. */
const PAGE_BYTES = 2 << 20;
const FIRST_ROWS = 100;
const MOST_ROWS = 20_000;

export interface RowsToRead {
  source: PartitionedName;
  partition: string;
  columns: readonly ArchiveColumn[];
}

/** Some rows as an archive's lines, each with its end. */
export interface PageOfRows {
  lines: Buffer;
  rows: number;
  /** Of these rows; a table's is the sum of its pages'. */
  digest: bigint;
}

interface PageRow {
  lines: string | null;
  rows: number;
  digest: bigint;
  last: string[];
}

/**
 * Reads a table as an archive's lines in the order of its key, a page at a time: memory and every statement stay small
 * however large the table is.
 */
export async function* readRows(
  database: Queryable,
  { source, partition, columns }: RowsToRead,
): AsyncGenerator<PageOfRows> {
  const { first, next } = pageQueries(partition, partitionedTables[source].key, columns);
  let limit = FIRST_ROWS;
  let after: string[] | undefined;
  for (;;) {
    const [page]: PageRow[] = await (after
      ? database.query<PageRow>(next, [limit, ...after])
      : database.query<PageRow>(first, [limit]));
    if (!page?.lines) return;
    const lines = Buffer.from(page.lines);
    yield { lines, rows: page.rows, digest: page.digest };
    after = page.last;
    limit = Math.max(1, Math.min(MOST_ROWS, Math.floor((page.rows * PAGE_BYTES) / lines.length)));
  }
}

/** How many rows a table has, and the digest of them all, whatever their order. It holds for this database only. */
export async function digestRows(
  database: Queryable,
  { partition, columns }: Omit<RowsToRead, "source">,
): Promise<{ rows: bigint; digest: bigint }> {
  const [row] = await database.query<{ rows: bigint; digest: bigint }>(
    `select count(*) as rows, coalesce(sum(${DIGEST}), 0) as digest
       from (select ${lineOf(columns)} as line from "${partition}") as rows`,
  );
  return row!;
}

const DIGEST = "hashtextextended(line, 0)::numeric";

/** Two texts: what comes after a key is found by its index only when the key is always there. */
function pageQueries(
  partition: string,
  key: readonly string[],
  columns: readonly ArchiveColumn[],
): { first: string; next: string } {
  const order = key.join(", ");
  const last = key.map((name) => `${name} desc`).join(", ");
  const after = key.map((name, i) => `$${i + 2}::text::${columns.find((column) => column.name === name)!.type}`);
  const text = (where: string) => `
    with page as (
      select ${lineOf(columns)} as line, ${order} from "${partition}" ${where} order by ${order} limit $1
    )
    select string_agg(line, e'\\n' order by ${order}) || e'\\n' as lines, count(*)::integer as rows,
           sum(${DIGEST}) as digest,
           (select array[${key.map((name) => `${name}::text`).join(", ")}] from page order by ${last} limit 1) as last
      from page`;
  return { first: text(""), next: text(`where (${order}) > (${after.join(", ")})`) };
}
