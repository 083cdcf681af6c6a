import type { BudgetTask } from "@stoa/protocol";
import type { BudgetTaskRow } from "@stoa/store";
import { toIso } from "../../http/pagination.ts";

/** A task that was ordered under a budget. */
export function budgetTask(task: BudgetTaskRow): BudgetTask {
  return {
    taskId: task.taskId,
    attempt: task.attempt,
    capability: task.capability,
    state: task.state,
    maxPrice: task.maxPrice.toString(),
    node: task.node,
    price: task.price?.toString() ?? null,
    charge: task.outcome?.kind === "settled" ? task.outcome.charge : null,
    openedAt: toIso(task.openedAt),
  };
}
