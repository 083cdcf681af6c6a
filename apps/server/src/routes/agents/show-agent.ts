import { AgentViewSchema, type AgentVersionId, parseHash, StoaError } from "@stoa/protocol";
import { type AgentRow, type Database, findAgent } from "@stoa/store";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { agentView } from "./agent-view.ts";

/** The path of a route on one agent version. */
export const AgentParamsSchema = Type.Object({ versionId: Type.String({ description: "an agent version's id" }) });

/** `GET /api/v1/agents/:versionId`. */
export function showAgent(app: App, { database }: HttpContext): void {
  app.get(
    "/agents/:versionId",
    { schema: { summary: "Show an agent version", params: AgentParamsSchema, response: { 200: AgentViewSchema } } },
    async ({ params }) => agentView(await requireAgent(database, params.versionId)),
  );
}

/**
 * The agent version of a path.
 * @throws {StoaError} `malformed_id`, `not_found`
 */
export async function requireAgent(database: Database, versionId: string): Promise<AgentRow> {
  const id = parseHash(versionId, "an agent version's id") as AgentVersionId;
  const row = await findAgent(database, id);
  if (!row) throw new StoaError("not_found", `there is no agent ${id}`);
  return row;
}
