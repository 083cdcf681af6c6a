import { isAtRest, transitions } from "@stoa/core";
import { StoaError, type TaskState } from "@stoa/protocol";
import { type DueTask, dropSpentAlarms, listDueTasks } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How often deadlines are looked at: the most an expiry is late. */
const EVERY_MS = 250;
const AT_ONCE = 500;

/** States in which a task waits for nothing any more. */
const AT_REST = (Object.keys(transitions) as TaskState[]).filter(isAtRest);

type ClockContext = Pick<EffectContext, "database" | "market" | "log" | "signal">;

/**
 * Does what deadlines ask for, by the database's time: expires, offers again what paused after a failure, takes tasks
 * from nodes that are late, claims what nobody accepted, pays what nobody challenged.
 */
export function watchClock(context: ClockContext): Repeated {
  return repeat({ name: "clock", everyMs: EVERY_MS, ...context }, async () => {
    const upTo = context.market.now();
    await dropSpentAlarms(context.database, { upTo, states: AT_REST });
    const tasks = await listDueTasks(context.database, { upTo, limit: AT_ONCE });
    for (const task of tasks) if ((task.wakeAt ?? Infinity) <= upTo) await actAlone(context, task);
    if (tasks.length > 0) await context.market.resetAlarms({ taskIds: tasks.map(({ id }) => id), upTo });
  });
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
