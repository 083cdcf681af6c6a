import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";

/** What is known of a bid. */
export interface SealedBid {
  commitment: Hash;
  /** Null until it is revealed. */
  offer: { ask: bigint; slots: number; node: Address } | null;
  /** Nothing until the auction is closed. */
  wonTasks: number;
  payment: bigint;
  /** Whether the payment went into escrow, or back to the requester. */
  spent: boolean;
}

/**
 * Reads a bidder's bid in an auction.
 * @throws {StoaError} `not_found` when it has none
 */
export async function sealedBidOf(
  chain: Chain,
  auctions: Address,
  { auctionId, bidder }: { auctionId: Hash; bidder: Address },
): Promise<SealedBid> {
  const found = await readContract(chain, {
    address: auctions,
    abi: sealedAuctionAbi,
    functionName: "bidOf",
    args: [auctionId, bidder],
  });
  const { commitment, revealed, ask, slots, node, wonTasks, payment, spent } = found;
  if (BigInt(commitment) === 0n) throw new StoaError("not_found", `${bidder} has no bid in ${auctionId}`);
  return { commitment, offer: revealed ? { ask, slots, node } : null, wonTasks, payment, spent };
}
