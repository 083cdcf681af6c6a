import { isAtRest } from "@stoa/core";
import { taskStates } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { REFUSED_FOR_DAYS } from "../queries/refused-until.ts";
import type { PartitionedName } from "../partitions/partitioned-tables.ts";

const UNFINISHED = taskStates.filter((state) => !isAtRest(state));

/*
 * What the vault refused is sent again for as long as it could still take it, so it counts as open for that long after
 * the task's deadline.
 */
const OPEN_TASKS = `
  select id as task_id from tasks where state = any($1::text[])
  union select task_id from settlements join tasks on id = task_id
         where settlements.state in ('pending', 'submitted', 'claimed')
            or (settlements.state = 'skipped' and deliver_by > now() - interval '${REFUSED_FOR_DAYS} days')
  union select task_id from damages join tasks on id = task_id
         where damages.state in ('pending', 'submitted')
            or (damages.state = 'skipped' and deliver_by > now() - interval '${REFUSED_FOR_DAYS} days')`;

/**
 * Why a partition may not leave yet: something in it concerns a task that is not over, or whose money is not where it
 * belongs.
 * @returns null when it may
 */
export async function findBlocker(
  database: Queryable,
  { table, name }: { table: PartitionedName; name: string },
): Promise<string | null> {
  const [row] = await database.query<{ tasks: bigint; one: string | null }>(
    `with open as (${OPEN_TASKS})
     select count(*) as tasks, min(task_id) as one from open where ${concerns(table, name)}`,
    [UNFINISHED],
  );
  if (row!.tasks > 0n)
    return `${row!.tasks} of its tasks ${row!.tasks === 1n ? "is" : "are"} not over, such as ${row!.one}`;
  if (table === "sheets") return openRound(database, name);
  return null;
}

function concerns(table: PartitionedName, name: string): string {
  if (table !== "sheets") return `exists (select 1 from "${name}" as part where part.task_id = open.task_id)`;
  return `exists (select 1 from awards join "${name}" as part using (round_id) where awards.task_id = open.task_id)`;
}

async function openRound(database: Queryable, name: string): Promise<string | null> {
  const [round] = await database.query<{ id: string }>(
    `select id from rounds where state = 'open' and exists (select 1 from "${name}" where round_id = id) limit 1`,
  );
  return round ? `its round ${round.id} is open` : null;
}
