import { type RoundAnchor, RoundSchema } from "@stoa/protocol";
import { type AnchorRow, type AwardRecord, findAnchor, listAwardsOfRound } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";
import { requireRound, RoundParamsSchema, roundSummary } from "./round-view.ts";

/** `GET /api/v1/auctions/rounds/:id`: a closed round says what it awarded. */
export function showRound(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/rounds/:id",
    { schema: { summary: "Show a round", params: RoundParamsSchema, response: { 200: RoundSchema } } },
    async ({ params }) => {
      const round = await requireRound(database, params.id);
      if (round.state === "open") return { ...roundSummary(round), anchor: null };
      const [awards, anchor] = await Promise.all([
        listAwardsOfRound(database, round.id),
        findAnchor(database, round.id),
      ]);
      return { ...roundSummary(round), anchor: anchor ? roundAnchor(anchor) : null, awards: awards.map(roundAward) };
    },
  );
}

function roundAnchor({ head, position, txHash, blockNumber }: AnchorRow): RoundAnchor {
  return { head, position: Number(position), txHash, blockNumber: Number(blockNumber) };
}

function roundAward({ hash, taskId, node, agentVersion, price, royalty, madeAt }: AwardRecord) {
  return {
    awardHash: hash,
    taskId,
    node,
    agentVersion,
    price: price.toString(),
    royalty: royalty.toString(),
    madeAt: toIso(madeAt),
  };
}
