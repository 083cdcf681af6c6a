import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";
import type { SealedOffer } from "./sealed-offer.ts";

/**
 * Reveals an offer that was committed to, the sender's unless another bidder is named.
 * @throws {StoaError} `chain_rejected` when it is another offer, or not the time to reveal
 */
export async function revealBid(
  sender: ChainSender,
  auctions: Address,
  { auctionId, offer, bidder = sender.address }: { auctionId: Hash; offer: SealedOffer; bidder?: Address },
): Promise<Hash> {
  const args = [auctionId, bidder, offer] as const;
  const data = encodeFunctionData({ abi: sealedAuctionAbi, functionName: "reveal", args });
  const receipt = await sendAndWait(sender, { doing: `revealing a bid in ${auctionId}`, to: auctions, data });
  return receipt.transactionHash;
}
