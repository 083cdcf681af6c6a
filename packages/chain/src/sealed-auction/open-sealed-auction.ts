import { encodeFunctionData, parseEventLogs } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";
import { approve } from "../token/approve.ts";
import { type SealedAuctionTerms, toSealedTermsTuple } from "./sealed-terms.ts";

/**
 * Approves and opens a sealed auction with the reserve of all its tasks from the sender's wallet.
 * @returns the auction's id
 * @throws {StoaError} `chain_rejected` when the contract does not take the terms, or the wallet holds too little
 */
export async function openSealedAuction(
  sender: ChainSender,
  auctions: Address,
  terms: SealedAuctionTerms,
): Promise<Hash> {
  await approve(sender, { token: terms.token, spender: auctions, amount: BigInt(terms.tasks) * terms.reserve });
  const args = [toSealedTermsTuple(terms)] as const;
  const data = encodeFunctionData({ abi: sealedAuctionAbi, functionName: "open", args });
  const receipt = await sendAndWait(sender, {
    doing: `opening an auction for ${terms.tasks} tasks`,
    to: auctions,
    data,
  });
  const [opened] = parseEventLogs({ abi: sealedAuctionAbi, logs: receipt.logs, eventName: "AuctionOpened" });
  if (!opened) throw new StoaError("internal", `${receipt.transactionHash} opened no auction`);
  return opened.args.auctionId;
}
