import type { Queryable } from "../database/database.ts";
import { type PartitionedName, partitionedNames } from "./partitioned-tables.ts";

/** A partition that holds the rows of a time. The default one, which has no bounds, is not among these. */
export interface Partition {
  table: PartitionedName;
  name: string;
  /** Epoch milliseconds, inclusive. */
  from: number;
  /** Epoch milliseconds, exclusive. */
  to: number;
  /** On disk, with its indexes. */
  bytes: bigint;
}

/** The partitions of every table that is split by time, the oldest first. */
export function listPartitions(database: Queryable): Promise<Partition[]> {
  return database.query<Partition>(
    `select parent.relname as "table", part.relname as name, pg_total_relation_size(part.oid) as bytes,
            substring(bound from 'FROM \\(''([^'']+)''\\)')::timestamptz as "from",
            substring(bound from 'TO \\(''([^'']+)''\\)')::timestamptz as "to"
       from pg_class as parent
       join pg_inherits on inhparent = parent.oid
       join pg_class as part on part.oid = inhrelid
       cross join lateral pg_get_expr(part.relpartbound, part.oid) as bound
      where parent.oid = any($1::regclass[]) and bound <> 'DEFAULT'
      order by "from", parent.relname`,
    [partitionedNames],
  );
}
