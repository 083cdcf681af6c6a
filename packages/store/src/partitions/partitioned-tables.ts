/** How a table is split by time. */
export interface PartitionedTable {
  /** The column whose instant decides the partition. */
  time: string;
  /** What tells its rows apart: the order they are archived in. */
  key: readonly string[];
}

/** Every table that is split by time. */
export const partitionedTables = {
  events: { time: "at", key: ["seq", "at"] },
  entries: { time: "posted_at", key: ["account", "posted_at", "posting_id"] },
  sheets: { time: "received_at", key: ["round_id", "node", "received_at"] },
  execution_logs: { time: "written_at", key: ["task_id", "execution_id", "first_seq", "written_at"] },
} as const satisfies Record<string, PartitionedTable>;

export type PartitionedName = keyof typeof partitionedTables;
export const partitionedNames = Object.keys(partitionedTables) as PartitionedName[];

/** The partition for what falls into no other. */
export function defaultPartitionOf(table: PartitionedName): string {
  return `${table}_default`;
}
