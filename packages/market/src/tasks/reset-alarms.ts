import { isAtRest } from "@stoa/core";
import type { TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/**
 * Takes away the alarms of these tasks that went off, and sets new ones where the clock must look again. A task that is
 * due keeps its own, until what is due has been done; those of tasks that ended are dropped apart.
 * @param upTo epoch milliseconds
 */
export function resetAlarms(
  context: MarketContext,
  { taskIds, upTo }: { taskIds: readonly TaskId[]; upTo: number },
): Promise<void> {
  return context.lane.run({
    name: "reset-alarms",
    tasks: taskIds,
    decide(set) {
      const over = taskIds
        .flatMap((id) => set.findTask(id) ?? [])
        .filter(({ state, wakeAt }) => !isAtRest(state) && (wakeAt ?? Infinity) > upTo);
      for (const task of over) {
        task.alarmAt = null;
        set.touchTask(task);
      }
      if (over.length === 0) return;
      set.defer((tx) =>
        tx.query("delete from alarms where at <= $1::timestamptz and task_id = any($2::text[])", [
          new Date(upTo).toISOString(),
          over.map(({ id }) => id),
        ]),
      );
    },
  });
}
