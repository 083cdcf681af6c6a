import { SubtasksSchema } from "@stoa/protocol";
import { listBudgetTasks } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { budgetTask } from "./budget-task.ts";
import { requireOwnTask, TaskParamsSchema } from "./require-task.ts";

/** `GET /api/v1/tasks/:id/subtasks`, for the requester: what its agent ordered, and what that cost. */
export function listSubtasks(app: App, { database }: HttpContext): void {
  app.get(
    "/tasks/:id/subtasks",
    { schema: { summary: "List a task's sub-tasks", params: TaskParamsSchema, response: { 200: SubtasksSchema } } },
    async (request) => {
      const { id, spec } = await requireOwnTask(database, request, request.params.id);
      const tasks = await listBudgetTasks(database, id);
      return { taskId: id, budget: spec.subtasks?.budget ?? null, tasks: tasks.map(budgetTask) };
    },
  );
}
