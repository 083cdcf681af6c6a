import { AgentPageSchema, ListAgentsQuerySchema, parseAddress } from "@stoa/protocol";
import { listAgents as queryAgents } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { agentSummary } from "./agent-view.ts";

/** `GET /api/v1/agents`: published versions, the newest first; active ones unless another state is asked for. */
export function listAgents(app: App, { database }: HttpContext): void {
  app.get(
    "/agents",
    { schema: { summary: "Find agents", querystring: ListAgentsQuerySchema, response: { 200: AgentPageSchema } } },
    async ({ query }) => {
      const { capability, name, creator, state = "active" } = query;
      const page = pageFilter(query);
      const rows = await queryAgents(database, {
        capability,
        name,
        creator: creator && parseAddress(creator),
        state,
        ...page,
      });
      return toPage(rows, page.limit, agentSummary, (row) => ({ at: row.publishedAt, id: row.versionId }));
    },
  );
}
