import { StoaError, TaskResultSchema } from "@stoa/protocol";
import { listAwardsOfTask } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";
import { readJson } from "./read-json.ts";
import { requireOwnTask, TaskParamsSchema } from "./require-task.ts";

/** `GET /api/v1/tasks/:id/result`, for the requester: the output and what the node signed for it. */
export function showResult(app: App, { database, objects }: HttpContext): void {
  app.get(
    "/tasks/:id/result",
    { schema: { summary: "Read a task's result", params: TaskParamsSchema, response: { 200: TaskResultSchema } } },
    async (request) => {
      const task = await requireOwnTask(database, request, request.params.id);
      const award = (await listAwardsOfTask(database, task.id)).find(({ hash }) => hash === task.awardHash);
      if (!task.result || !award)
        throw new StoaError("not_found", `the task ${task.id} is ${task.state}: it has no result`);
      const { hash, receiptSignature, deliveredAt } = task.result;
      return {
        taskId: task.id,
        hash,
        output: await readJson(objects, hash),
        deliveredAt: toIso(deliveredAt),
        node: award.node,
        receipt: { awardHash: award.hash, resultHash: hash },
        receiptSignature,
      };
    },
  );
}
