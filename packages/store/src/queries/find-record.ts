import type { Hash, RoundId, RoundRecord, Supplement, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

export interface SupplementRow {
  hash: Hash;
  taskId: TaskId;
  previousHash: Hash;
  record: Supplement;
  madeAt: number;
}

export interface RecordRow {
  outcomeHash: Hash;
  record: RoundRecord;
  supplements: SupplementRow[];
}

/** A closed round's public record; undefined for one that is open or unknown. */
export async function findRecord(database: Queryable, roundId: RoundId): Promise<RecordRow | undefined> {
  const [round] = await database.query<Omit<RecordRow, "supplements">>(
    `select outcome_hash as "outcomeHash", record from rounds where id = $1 and state = 'closed'`,
    [roundId],
  );
  if (!round) return undefined;
  const supplements = await database.query<SupplementRow>(
    `select hash, task_id as "taskId", record ->> 'previousHash' as "previousHash", record, made_at as "madeAt"
       from supplements where round_id = $1 order by position`,
    [roundId],
  );
  return { ...round, supplements };
}
