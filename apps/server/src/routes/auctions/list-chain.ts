import { CapabilitySchema, ChainPageSchema, ListChainQuerySchema } from "@stoa/protocol";
import { listChain as queryChain } from "@stoa/store";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toIso, toPage } from "../../http/pagination.ts";

/** `GET /api/v1/auctions/chains/:capability`: its closed rounds by their chain of hashes, the newest first. */
export function listChain(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/chains/:capability",
    {
      schema: {
        summary: "List a capability's chain of rounds",
        params: Type.Object({ capability: CapabilitySchema }),
        querystring: ListChainQuerySchema,
        response: { 200: ChainPageSchema },
      },
    },
    async ({ params, query }) => {
      const { after, limit } = pageFilter(query);
      const rows = await queryChain(database, { ...params, from: query.from, before: after?.at, limit });
      return toPage(
        rows,
        limit,
        ({ position: _position, closedAt, ...link }) => ({ ...link, closedAt: toIso(closedAt) }),
        // A chain's pages start after a position, where other lists' start after an instant.
        ({ position, roundId }) => ({ at: Number(position), id: roundId }),
      );
    },
  );
}
