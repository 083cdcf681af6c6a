import {
  BID_REASON,
  decodeTyped,
  type Hash,
  type OpenAuctionOpening,
  openBidId,
  type OpenOffer,
  passReasonOf,
  requireSigner,
  StoaError,
} from "@stoa/protocol";
import { answersRoot } from "../answers-root.ts";

function invalid(message: string): never {
  throw new StoaError("invalid_bid", message);
}

/**
 * Checks a signed offer by itself, as a market does on receipt and a verifier afterwards: the one answer for this task
 * under the signed root, the id that only this bid has, one slot with its bond, good until the auction's hard end at
 * least, and the node's signature.
 * @param number the bid's place among the auction's bids; null for a pass
 * @throws {StoaError} `invalid_bid`, `wrong_signature`, actual beside expected
 */
export async function requireOffer(
  auction: { auctionId: Hash; opening: OpenAuctionOpening },
  number: number | null,
  given: Pick<OpenOffer, "sheet" | "signature" | "answer">,
): Promise<void> {
  const { auctionId, opening } = auction;
  const { answer, signature } = given;
  const sheet = decodeTyped("BidSheet", given.sheet);
  const isBid = answer.reason === BID_REASON;
  if (isBid !== (number !== null)) invalid(`a ${isBid ? "bid" : "pass"} came as the other`);
  const roundId = number === null ? auctionId : openBidId(auctionId, number);
  if (sheet.roundId !== roundId) invalid(`the sheet of ${sheet.node} is for ${sheet.roundId}, expected ${roundId}`);
  if (answer.orderHash !== opening.task.orderHash)
    invalid(`${sheet.node} answers for ${answer.orderHash}, the auction is over ${opening.task.orderHash}`);
  if (!isBid && passReasonOf(answer.reason) === null) invalid(`there is no pass reason ${answer.reason}`);
  if (isBid && sheet.slots !== 1) invalid(`a bid is for one slot, got ${sheet.slots}`);
  if (isBid && Number(sheet.expiresAt) * 1_000 < opening.hardEndAt)
    invalid(`the bid expires at ${sheet.expiresAt} s, before the auction's last moment ${opening.hardEndAt} ms`);
  const root = answersRoot([answer]);
  if (root !== sheet.answersRoot) invalid(`the answer has the root ${root}, its sheet says ${sheet.answersRoot}`);
  await requireSigner(opening.domain, "BidSheet", sheet, signature, sheet.node);
}
