import { ListWorkflowsQuerySchema, WorkflowPageSchema } from "@stoa/protocol";
import { listWorkflows as queryWorkflows } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { walletOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { workflowSummary } from "./workflow-view.ts";

/** `GET /api/v1/workflows`: the caller's workflows, the newest first. */
export function listWorkflows(app: App, { database }: HttpContext): void {
  app.get(
    "/workflows",
    {
      schema: {
        summary: "List your workflows",
        querystring: ListWorkflowsQuerySchema,
        response: { 200: WorkflowPageSchema },
      },
    },
    async (request) => {
      const page = pageFilter(request.query);
      const requester = walletOf(request);
      const rows = await queryWorkflows(database, { requester, state: request.query.state, ...page });
      return toPage(rows, page.limit, workflowSummary, (row) => ({ at: row.openedAt, id: row.id }));
    },
  );
}
