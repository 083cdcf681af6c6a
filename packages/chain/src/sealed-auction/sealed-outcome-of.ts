import type { Address, Hash } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";

/** Asks the contract how an auction of identical tasks would end, by the code that ends real ones. */
export async function sealedOutcomeOf(
  chain: Chain,
  auctions: Address,
  market: {
    offers: readonly { bidder: Address; ask: bigint; slots: number }[];
    tasks: number;
    reserve: bigint;
    seed: Hash;
  },
): Promise<{ tasks: number; payment: bigint }[]> {
  const wins = await readContract(chain, {
    address: auctions,
    abi: sealedAuctionAbi,
    functionName: "outcomeOf",
    args: [market.offers, BigInt(market.tasks), market.reserve, market.seed],
  });
  return wins.map(({ tasks, payment }) => ({ tasks: Number(tasks), payment }));
}
