import type { Database, Queryable } from "../database/database.ts";
import { attachPartition, createDetached } from "./attach-partition.ts";
import { listPartitions } from "./list-partitions.ts";
import { defaultPartitionOf, type PartitionedName, partitionedNames, partitionedTables } from "./partitioned-tables.ts";
import { retryLocked } from "./retry-locked.ts";
import { gapsIn, type Range, type Span, spanAt } from "./spans.ts";

/** Any constant: processes that look at once make each partition once. */
const LOCK = 7_303;
/** How many spans after the one that runs are made ahead. */
const AHEAD = 2;

export interface PartitionPlan {
  /** Epoch milliseconds; the system's clock by default. */
  now?: number;
  /** How much time a new partition covers; a month by default. */
  span?: Span | undefined;
}

/**
 * Makes the partitions that are missing: for now, for the time ahead, and for what landed in a default partition.
 * Ranges that are archived get none: what comes late for them stays in the default partition.
 * @returns the names of those it made
 */
export async function ensurePartitions(database: Database, plan: PartitionPlan = {}): Promise<string[]> {
  const { now = Date.now(), span = "month" } = plan;
  // Nearly always there is nothing to do, and no lock is taken to see that.
  if ((await findMissing(database, now, span)).length === 0) return [];
  return retryLocked(() =>
    database.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock($1)", [LOCK]);
      const missing = await findMissing(tx, now, span);
      for (const partition of missing) {
        await createDetached(tx, partition.table, partition.name);
        await attachPartition(tx, partition);
      }
      return missing.map(({ name }) => name);
    }),
  );
}

interface Missing extends Range {
  table: PartitionedName;
  name: string;
}

async function findMissing(database: Queryable, now: number, span: Span): Promise<Missing[]> {
  const there = await listPartitions(database);
  const archived = await database.query<Range & { table: string }>(
    `select source as "table", lower as "from", upper as "to" from archives where state <> 'restored'`,
  );
  const missing: Missing[] = [];
  for (const table of partitionedNames) {
    const taken = [...there, ...archived].filter((other) => other.table === table);
    for (const wanted of [...upcoming(now, span), ...(await straySpans(database, table, span))]) {
      for (const gap of gapsIn(wanted, taken)) {
        missing.push({ table, name: nameOf(table, gap.from), ...gap });
        taken.push({ table, ...gap });
      }
    }
  }
  return missing;
}

function upcoming(now: number, span: Span): Range[] {
  const spans = [spanAt(now, span)];
  while (spans.length <= AHEAD) spans.push(spanAt(spans.at(-1)!.to, span));
  return spans;
}

/** The spans of the rows that landed in the default partition. */
async function straySpans(database: Queryable, table: PartitionedName, span: Span): Promise<Range[]> {
  const rows = await database.query<{ at: number }>(
    `select distinct date_trunc('${span}', ${partitionedTables[table].time}, 'UTC') as at from ${defaultPartitionOf(table)}`,
  );
  return rows.map(({ at }) => spanAt(at, span));
}

function nameOf(table: PartitionedName, from: number): string {
  return `${table}_p${new Date(from).toISOString().slice(0, 10).replaceAll("-", "")}`;
}
