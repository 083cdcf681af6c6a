import { AgentViewSchema, ReasonSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { agentView } from "../agents/agent-view.ts";
import { AgentParamsSchema, requireAgent } from "../agents/show-agent.ts";

/** `POST /api/v1/admin/agents/:versionId/suspend` and `/restore`: what it was awarded goes on. */
export function suspendAgent(app: App, { database, market }: HttpContext): void {
  const verbs = { suspend: market.suspendAgent, restore: market.restoreAgent };
  for (const [verb, act] of Object.entries(verbs)) {
    app.post(
      `/admin/agents/:versionId/${verb}`,
      {
        schema: {
          summary: `${verb === "suspend" ? "Suspend" : "Restore"} an agent version`,
          params: AgentParamsSchema,
          body: ReasonSchema,
          response: { 200: AgentViewSchema },
        },
      },
      async (request) => {
        const { versionId } = await requireAgent(database, request.params.versionId);
        await act({ versionId, actor: actorOf(request), reason: request.body.reason });
        return agentView(await requireAgent(database, versionId));
      },
    );
  }
}
