import type { OpenLead } from "@stoa/core";
import { type Hash, openBidId, type OpenAuctionBody, type RoundId, StoaError } from "@stoa/protocol";
import type { AwardRecord, SheetRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { signAwards } from "../rounds/sign-awards.ts";

/** What an award of an open auction is made of. */
export interface AuctionAward {
  award: AwardRecord;
  /** The bid it stands on: kept under the auction's id, where settlement looks for it. */
  sheet: SheetRecord;
}

/**
 * Signs the award of an open auction's bid at the bid's own price, as the operator.
 * @param roundHash of the record or supplement that makes it
 */
export async function signAuctionAward(
  context: MarketContext,
  body: Pick<OpenAuctionBody, "opening" | "nodes" | "versions" | "offers">,
  bid: OpenLead,
  { auctionId, roundHash }: { auctionId: Hash; roundHash: Hash },
): Promise<AuctionAward> {
  const { opening, versions } = body;
  const roundId = auctionId as RoundId;
  const id = openBidId(auctionId, bid.number);
  const offer = body.offers.find(({ sheet }) => sheet.roundId === id);
  const linked = body.nodes.find(({ link }) => link.node === bid.node);
  if (!offer || !linked) throw new StoaError("internal", `the auction ${auctionId} has no bid ${bid.number}`);
  const { sheet, signature, answer, receipt } = offer;
  const inputs = {
    opening: { tasks: [opening.task] },
    versions,
    nodes: [{ ...linked, sheet: { sheet, signature, answers: [answer], receipt } }],
  };
  const terms = { ...bid, taskId: opening.task.orderHash };
  const [award] = await signAwards(context, inputs, [terms], { roundId, roundHash });
  return {
    award: award!,
    sheet: {
      roundId,
      node: bid.node,
      sheet,
      signature,
      answers: [answer],
      receiptSignature: receipt,
      receivedAt: offer.at,
    },
  };
}
