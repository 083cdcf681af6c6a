import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";
import { approve } from "../token/approve.ts";
import { sealedAuctionOf } from "./sealed-auction-of.ts";
import { sealedCommitment } from "./sealed-commitment.ts";
import type { SealedOffer } from "./sealed-offer.ts";

/**
 * Commits the sender to a sealed offer, with the auction's deposit from its wallet. Who loses the offer's salt cannot
 * reveal, and loses the deposit: keep the offer before you call this.
 * @throws {StoaError} `chain_rejected` when commitments are over, the auction is full or the sender committed before
 */
export async function commitBid(
  sender: ChainSender,
  auctions: Address,
  { auctionId, offer }: { auctionId: Hash; offer: SealedOffer },
): Promise<Hash> {
  const { terms } = await sealedAuctionOf(sender.chain, auctions, auctionId);
  await approve(sender, { token: terms.token, spender: auctions, amount: terms.deposit });
  const commitment = sealedCommitment(sender.chain.chainId, auctions, { auctionId, bidder: sender.address, offer });
  const args = [auctionId, commitment] as const;
  const data = encodeFunctionData({ abi: sealedAuctionAbi, functionName: "commit", args });
  const receipt = await sendAndWait(sender, { doing: `committing to a bid in ${auctionId}`, to: auctions, data });
  return receipt.transactionHash;
}
