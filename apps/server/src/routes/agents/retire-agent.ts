import { AgentViewSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { requireOwner } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { agentView } from "./agent-view.ts";
import { AgentParamsSchema, requireAgent } from "./show-agent.ts";

/** `POST /api/v1/agents/:versionId/retire`: takes the caller's agent version out of new rounds. */
export function retireAgent(app: App, { database, market }: HttpContext): void {
  app.post(
    "/agents/:versionId/retire",
    { schema: { summary: "Retire an agent version", params: AgentParamsSchema, response: { 200: AgentViewSchema } } },
    async (request) => {
      const { versionId, creator } = await requireAgent(database, request.params.versionId);
      requireOwner(request, creator, `the agent ${versionId}`);
      await market.retireAgent({ versionId, creator });
      return agentView(await requireAgent(database, versionId));
    },
  );
}
