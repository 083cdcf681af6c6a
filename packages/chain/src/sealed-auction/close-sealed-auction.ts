import { encodeFunctionData, parseEventLogs } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";

/** How an auction ended; amounts in the token's smallest unit. */
export interface SealedOutcome {
  txHash: Hash;
  /** Payments are for all tasks of a winner together; `awardWinner` puts each into escrow. */
  winners: { bidder: Address; tasks: number; payment: bigint }[];
  /** What of the budget went back to the requester. */
  refund: bigint;
  /** What bidders forfeited that did not reveal, and the sender's part of it. */
  slashed: bigint;
  toCloser: bigint;
}

/**
 * Closes an auction whose reveals are over; anyone may send it.
 * @throws {StoaError} `chain_rejected` while somebody can still reveal, and when it is closed
 */
export async function closeSealedAuction(
  sender: ChainSender,
  auctions: Address,
  auctionId: Hash,
): Promise<SealedOutcome> {
  const data = encodeFunctionData({ abi: sealedAuctionAbi, functionName: "close", args: [auctionId] });
  const receipt = await sendAndWait(sender, { doing: `closing ${auctionId}`, to: auctions, data });
  const { logs, transactionHash: txHash } = receipt;
  const [closed] = parseEventLogs({ abi: sealedAuctionAbi, logs, eventName: "AuctionClosed" });
  if (!closed) throw new StoaError("internal", `${txHash} closed no auction`);
  const winners = parseEventLogs({ abi: sealedAuctionAbi, logs, eventName: "TasksWon" }).map(({ args }) => ({
    bidder: args.bidder,
    tasks: Number(args.tasks),
    payment: args.payment,
  }));
  const { refund, slashed, toCloser } = closed.args;
  return { txHash, winners, refund, slashed, toCloser };
}
