import { ListNodesQuerySchema, NodePageSchema, parseAddress } from "@stoa/protocol";
import { listNodes as queryNodes } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { nodeView } from "./node-view.ts";

/** `GET /api/v1/nodes`: linked nodes, the newest first. */
export function listNodes(app: App, { database }: HttpContext): void {
  app.get(
    "/nodes",
    { schema: { summary: "List nodes", querystring: ListNodesQuerySchema, response: { 200: NodePageSchema } } },
    async ({ query }) => {
      const { provider, agent, online } = query;
      const page = pageFilter(query);
      const rows = await queryNodes(database, { provider: provider && parseAddress(provider), agent, online, ...page });
      return toPage(rows, page.limit, nodeView, (row) => ({ at: row.linkedAt, id: row.id }));
    },
  );
}
