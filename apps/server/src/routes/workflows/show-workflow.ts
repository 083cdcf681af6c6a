import { WorkflowSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { requireOwnWorkflow, WorkflowParamsSchema } from "./require-workflow.ts";
import { workflowView } from "./workflow-view.ts";

/** `GET /api/v1/workflows/:id`, for its requester. */
export function showWorkflow(app: App, { database }: HttpContext): void {
  app.get(
    "/workflows/:id",
    { schema: { summary: "Show a workflow", params: WorkflowParamsSchema, response: { 200: WorkflowSchema } } },
    async (request) => workflowView(database, await requireOwnWorkflow(database, request, request.params.id)),
  );
}
