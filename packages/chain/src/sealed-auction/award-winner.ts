import { encodeFunctionData, parseEventLogs } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";

/**
 * Puts a winner's payment into escrow, from which its time to deliver runs; anyone may send it.
 * @returns the escrow's number
 * @throws {StoaError} `chain_rejected` when the bidder won nothing or has its escrow, or the time for it is over
 */
export async function awardWinner(
  sender: ChainSender,
  auctions: Address,
  { auctionId, bidder }: { auctionId: Hash; bidder: Address },
): Promise<bigint> {
  const data = encodeFunctionData({ abi: sealedAuctionAbi, functionName: "award", args: [auctionId, bidder] });
  const receipt = await sendAndWait(sender, { doing: `funding the escrow of ${bidder}`, to: auctions, data });
  const [funded] = parseEventLogs({ abi: sealedAuctionAbi, logs: receipt.logs, eventName: "EscrowFunded" });
  if (!funded) throw new StoaError("internal", `${receipt.transactionHash} funded no escrow`);
  return funded.args.escrowId;
}
