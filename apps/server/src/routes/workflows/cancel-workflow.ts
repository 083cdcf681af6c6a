import { WorkflowSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { requireOwnWorkflow, WorkflowParamsSchema } from "./require-workflow.ts";
import { workflowView } from "./workflow-view.ts";

/** `POST /api/v1/workflows/:id/cancel`: orders nothing more of it; what nodes have already is done and paid. */
export function cancelWorkflow(app: App, { database, market }: HttpContext): void {
  app.post(
    "/workflows/:id/cancel",
    { schema: { summary: "Cancel a workflow", params: WorkflowParamsSchema, response: { 200: WorkflowSchema } } },
    async (request) => {
      const { id, requester } = await requireOwnWorkflow(database, request, request.params.id);
      await market.cancelWorkflow({ workflowId: id, requester });
      return workflowView(database, await requireOwnWorkflow(database, request, id));
    },
  );
}
