import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";

/**
 * Gives the requester back a payment that no escrow took in time; anyone may send it.
 * @throws {StoaError} `chain_rejected` while an escrow can still be funded, and when there is nothing
 */
export async function reclaimAward(
  sender: ChainSender,
  auctions: Address,
  { auctionId, bidder }: { auctionId: Hash; bidder: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: sealedAuctionAbi, functionName: "reclaim", args: [auctionId, bidder] });
  const receipt = await sendAndWait(sender, { doing: `reclaiming the award of ${bidder}`, to: auctions, data });
  return receipt.transactionHash;
}
