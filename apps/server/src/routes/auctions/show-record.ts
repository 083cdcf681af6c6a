import { PublishedRoundSchema } from "@stoa/protocol";
import { findRecord } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";
import { requireRound, RoundParamsSchema, stillOpen } from "./round-view.ts";

/** `GET /api/v1/auctions/rounds/:id/record`: all that anyone needs to check a closed round again. */
export function showRecord(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/rounds/:id/record",
    {
      schema: {
        summary: "Read a closed round's public record",
        params: RoundParamsSchema,
        response: { 200: PublishedRoundSchema },
      },
    },
    async ({ params }) => {
      const round = await requireRound(database, params.id);
      const found = await findRecord(database, round.id);
      if (!found) throw stillOpen(round);
      const supplements = found.supplements.map((supplement) => ({ ...supplement, madeAt: toIso(supplement.madeAt) }));
      return { roundId: round.id, outcomeHash: found.outcomeHash, record: found.record, supplements };
    },
  );
}
