import { earmarked, isAtRest, unearmarkPosting } from "@stoa/core";
import type { Address, TaskId } from "@stoa/protocol";
import { listBudgetTasks } from "@stoa/store";
import type { MarketContext } from "../context.ts";

/**
 * Frees what is left of a task's budget for sub-tasks once the task is over; the budget is closed when none of its
 * sub-tasks holds any of it. Does nothing while the task goes on.
 */
export function closeSubtaskBudget(
  context: MarketContext,
  { taskId, requester }: { taskId: TaskId; requester: Address },
): Promise<void> {
  const account = earmarked(requester, taskId);
  let isHeld = true;
  let freed = 0;
  return context.lane.run({
    name: "close-subtask-budget",
    tasks: [taskId],
    owns: [`budget:${taskId}`],
    async load(tx) {
      isHeld = (await listBudgetTasks(tx, taskId)).some(({ state }) => !isAtRest(state));
      const [budget] = await tx.query<{ freed: number }>("select freed from subtask_budgets where task_id = $1", [
        taskId,
      ]);
      freed = budget?.freed ?? 0;
    },
    accounts: () => [account],
    decide(set) {
      const task = set.findTask(taskId);
      if (!task || !isAtRest(task.state)) return;
      const left = set.book.balance(account);
      if (left > 0n) set.post(unearmarkPosting(taskId, requester, left, String(freed)));
      if (left === 0n && isHeld) return;
      set.defer((tx) =>
        tx.query("update subtask_budgets set open = $2, freed = freed + $3 where task_id = $1", [
          taskId,
          isHeld,
          left > 0n ? 1 : 0,
        ]),
      );
    },
  });
}
