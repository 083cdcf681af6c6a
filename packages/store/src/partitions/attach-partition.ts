import type { Queryable } from "../database/database.ts";
import { defaultPartitionOf, type PartitionedName, partitionedTables } from "./partitioned-tables.ts";
import type { Range } from "./spans.ts";

/** Readers and writers of the market wait this long for the locks at most; who changes partitions tries again later. */
const LOCK_TIMEOUT = "2s";

/** Makes a table that can become a partition: the same columns, checks and indexes, no rows. */
export async function createDetached(tx: Queryable, table: PartitionedName, name: string): Promise<void> {
  await tx.script(
    `create table "${name}" (like ${table} including defaults including constraints including indexes including storage)`,
  );
}

/**
 * Makes a detached table the partition for a range, in the open transaction. What had landed in the default partition
 * for want of this one moves over.
 */
export async function attachPartition(
  tx: Queryable,
  { table, name, from, to }: Range & { table: PartitionedName; name: string },
): Promise<void> {
  const [lower, upper] = [`'${new Date(from).toISOString()}'`, `'${new Date(to).toISOString()}'`];
  const { time } = partitionedTables[table];
  const within = `${time} >= ${lower} and ${time} < ${upper}`;
  const fallback = defaultPartitionOf(table);
  await tx.script(`set local lock_timeout = '${LOCK_TIMEOUT}'; lock table ${fallback} in access exclusive mode`);
  await tx.script(`with moved as (delete from ${fallback} where ${within} returning *)
    insert into "${name}" select * from moved`);
  // With this check in place, attaching does not read the partition through; the bounds say the same afterwards.
  await tx.script(`alter table "${name}" add constraint within check (${within});
    alter table ${table} attach partition "${name}" for values from (${lower}) to (${upper});
    alter table "${name}" drop constraint within`);
}
