import type { Hash, TaskId, TaskState } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** A task the clock must look at: an alarm of its went off. */
export interface DueTask {
  id: TaskId;
  state: TaskState;
  /** Epoch milliseconds; later than the alarm when it was put off since. */
  wakeAt: number | null;
  awardHash: Hash | null;
  /** Whether its claim is on chain. */
  claimed: boolean;
  /** Whether it pauses between two attempts. */
  paused: boolean;
}

/** The tasks whose alarms went off, the first first. */
export async function listDueTasks(
  database: Queryable,
  { upTo, limit }: { upTo: number; limit: number },
): Promise<DueTask[]> {
  const rows = await database.query<DueTask>(
    `select tasks.id, tasks.state, wake_at as "wakeAt", award_hash as "awardHash",
            coalesce(settlements.state = 'claimed', false) as claimed, not_before is not null as paused
       from (select task_id, at from alarms where at <= $1::timestamptz order by at limit $2) as rung
       join tasks on tasks.id = rung.task_id
       left join settlements on settlements.task_id = tasks.id
      order by rung.at`,
    [new Date(upTo).toISOString(), limit],
  );
  // A task can have several alarms.
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
