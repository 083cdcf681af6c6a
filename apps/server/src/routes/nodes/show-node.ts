import { type NodeId, NodeSchema, parseAddress, StoaError } from "@stoa/protocol";
import { findNode } from "@stoa/store";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { nodeView } from "./node-view.ts";

const ParamsSchema = Type.Object({ id: Type.String({ description: "the address of the node's key" }) });

/** `GET /api/v1/nodes/:id`. */
export function showNode(app: App, { database }: HttpContext): void {
  app.get(
    "/nodes/:id",
    { schema: { summary: "Show a node", params: ParamsSchema, response: { 200: NodeSchema } } },
    async ({ params }) => {
      const id = parseAddress(params.id, "a node's id") as NodeId;
      const row = await findNode(database, id);
      if (!row) throw new StoaError("not_found", `there is no node ${id}`);
      return nodeView(row);
    },
  );
}
