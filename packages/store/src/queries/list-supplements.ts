import type { Hash, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** A re-award as it is published, of a sealed round or an open auction. */
export interface SupplementRow<Record> {
  hash: Hash;
  taskId: TaskId;
  previousHash: Hash;
  record: Record;
  madeAt: number;
}

/** The re-awards after a round or an open auction, the first first. */
export function listSupplements<Record>(database: Queryable, roundId: Hash): Promise<SupplementRow<Record>[]> {
  return database.query<SupplementRow<Record>>(
    `select hash, task_id as "taskId", record ->> 'previousHash' as "previousHash", record, made_at as "madeAt"
       from supplements where round_id = $1 order by position`,
    [roundId],
  );
}
