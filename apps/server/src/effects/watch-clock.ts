import { type Hash, StoaError, type TaskId, type TaskState } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How often deadlines are looked at: the most an expiry is late. */
const EVERY_MS = 250;
const AT_ONCE = 500;

interface DueTask {
  id: TaskId;
  state: TaskState;
  awardHash: Hash | null;
  claimed: boolean;
  /** Whether it is a pause between two attempts that is over. */
  paused: boolean;
}

type ClockContext = Pick<EffectContext, "database" | "market" | "log" | "signal">;

/**
 * Does what deadlines ask for, by the database's time: expires, offers again what paused after a failure, takes tasks
 * from nodes that are late, claims what nobody accepted, pays what nobody challenged.
 */
export function watchClock(context: ClockContext): Repeated {
  return repeat({ name: "clock", everyMs: EVERY_MS, ...context }, async () => {
    for (const task of await dueTasks(context)) await actAlone(context, task);
  });
}

function dueTasks({ database }: ClockContext): Promise<DueTask[]> {
  return database.query<DueTask>(
    `select tasks.id, tasks.state, award_hash as "awardHash", coalesce(settlements.state = 'claimed', false) as claimed,
            not_before is not null as paused
       from tasks left join settlements on settlements.task_id = tasks.id
      where wake_at <= now() order by wake_at limit ${AT_ONCE}`,
  );
}

/** One task that cannot be moved keeps no other waiting. */
async function actAlone(context: ClockContext, task: DueTask): Promise<void> {
  try {
    await act(context, task);
  } catch (error) {
    if (error instanceof StoaError && error.definition.kind === "retry") throw error;
    context.log.error({ err: error, taskId: task.id }, "a deadline could not be kept and will be tried again");
  }
}

async function act({ market }: ClockContext, { id, state, awardHash, claimed, paused }: DueTask): Promise<void> {
  if (state === "open") return paused ? market.resumeTask(id) : market.expireTask(id);
  if (state === "delivered") return claimed ? market.settleClaimedTask(id) : market.claimTask(id);
  if (!awardHash) return;
  const running = state === "running";
  await market.replaceAward({
    taskId: id,
    awardHash,
    reason: running ? "not_delivered" : "not_started",
    message: running ? "the node did not deliver before the deadline" : "the node did not start in time",
  });
}
