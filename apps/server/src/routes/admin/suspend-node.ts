import { type NodeId, NodeSchema, parseAddress, ReasonSchema, StoaError } from "@stoa/protocol";
import { findNode } from "@stoa/store";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { nodeView } from "../nodes/node-view.ts";

const ParamsSchema = Type.Object({ id: Type.String({ description: "the address of the node's key" }) });

/** `POST /api/v1/admin/nodes/:id/suspend` and `/restore`: what it was awarded it may finish. */
export function suspendNode(app: App, { database, market }: HttpContext): void {
  const verbs = { suspend: market.suspendNode, restore: market.restoreNode };
  for (const [verb, act] of Object.entries(verbs)) {
    app.post(
      `/admin/nodes/:id/${verb}`,
      {
        schema: {
          summary: `${verb === "suspend" ? "Suspend" : "Restore"} a node`,
          params: ParamsSchema,
          body: ReasonSchema,
          response: { 200: NodeSchema },
        },
      },
      async (request) => {
        const node = parseAddress(request.params.id, "a node's id") as NodeId;
        await act({ node, actor: actorOf(request), reason: request.body.reason });
        const row = await findNode(database, node);
        if (!row) throw new StoaError("not_found", `there is no node ${node}`);
        return nodeView(row);
      },
    );
  }
}
