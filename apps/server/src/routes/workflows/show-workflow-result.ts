import { fillTemplate, INPUT_SOURCE, requireGraph, valueAt, withinBytes } from "@stoa/core";
import { type Json, limits, StoaError, WorkflowResultSchema } from "@stoa/protocol";
import { listBudgetTasks, listWorkflowSteps, type WorkflowRecord } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { readJson } from "../tasks/read-json.ts";
import { requireOwnWorkflow, WorkflowParamsSchema } from "./require-workflow.ts";

/** `GET /api/v1/workflows/:id/result`, for its requester, once it is completed. */
export function showWorkflowResult(app: App, context: HttpContext): void {
  app.get(
    "/workflows/:id/result",
    {
      schema: {
        summary: "Read a workflow's result",
        params: WorkflowParamsSchema,
        response: { 200: WorkflowResultSchema },
      },
    },
    async (request) => {
      const workflow = await requireOwnWorkflow(context.database, request, request.params.id);
      if (workflow.state !== "completed")
        throw new StoaError("wrong_state", `a workflow that is ${workflow.state} has no result`);
      return { workflowId: workflow.id, output: await outputOf(context, workflow) };
    },
  );
}

async function outputOf({ database, objects }: HttpContext, { id, spec, inputHash }: WorkflowRecord): Promise<Json> {
  const steps = await listWorkflowSteps(database, id);
  const hashes = new Map((await listBudgetTasks(database, id)).map(({ taskId, resultHash }) => [taskId, resultHash]));
  const values = new Map<string, Json>([[INPUT_SOURCE, await readJson(objects, inputHash)]]);
  for (const { step, state, taskId } of steps) {
    const hash = state === "done" && taskId !== null ? hashes.get(taskId) : null;
    values.set(step, hash ? await readJson(objects, hash) : (spec.steps[step]?.fallback ?? null));
  }
  if (spec.output !== undefined)
    return fillTemplate(
      spec.output,
      withinBytes(({ source, pointer }) => valueAt(values.get(source) ?? null, pointer), limits.outputBytes),
    );
  const { order, needs } = requireGraph(spec);
  const taken = new Set([...needs.values()].flat());
  return Object.fromEntries(order.filter((name) => !taken.has(name)).map((name) => [name, values.get(name) ?? null]));
}
