import { BID_REASON, passReasonOf, type RoundBids, RoundBidsSchema, type RoundRecord } from "@stoa/protocol";
import { findRecord } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { unservedSentence } from "../tasks/unserved-sentences.ts";
import { requireRound, RoundParamsSchema, stillOpen } from "./round-view.ts";

/** `GET /api/v1/auctions/rounds/:id/bids`: what every asked node answered, once the round is closed. */
export function showBids(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/rounds/:id/bids",
    {
      schema: { summary: "Show a closed round's bids", params: RoundParamsSchema, response: { 200: RoundBidsSchema } },
    },
    async ({ params }) => {
      const round = await requireRound(database, params.id);
      const found = await findRecord(database, round.id);
      if (!found) throw stillOpen(round);
      return { roundId: round.id, ...answersOf(found.record) };
    },
  );
}

/** The answers as the public record has them: no other source could be checked against the outcome. */
function answersOf({ body }: RoundRecord): Omit<RoundBids, "roundId"> {
  const answers = body.nodes.flatMap(({ link, sheet }) =>
    (sheet?.answers ?? []).map((answer) => ({ node: link.node, ...answer })),
  );
  return {
    bids: answers
      .filter(({ reason }) => reason === BID_REASON)
      .map(({ node, orderHash, agentVersion, ask, promisedSeconds }) => ({
        node,
        taskId: orderHash,
        agentVersion,
        ask,
        promisedSeconds,
      })),
    passes: answers
      .filter(({ reason }) => reason !== BID_REASON)
      .map(({ node, orderHash, reason }) => {
        const name = passReasonOf(reason) ?? "unknown_reason";
        return { node, taskId: orderHash, reason: name, sentence: unservedSentence(name) };
      }),
    silent: body.nodes.filter(({ sheet }) => sheet === null).map(({ link }) => link.node),
  };
}
