import type { ContractFunctionReturnType } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";

/** A sealed auction as it stands on chain; times in epoch milliseconds. */
export interface SealedAuction {
  auctionId: Hash;
  requester: Address;
  state: "open" | "closed";
  commitUntil: number;
  revealUntil: number;
  /** Until when winners' escrows can be funded; null until it is closed. */
  awardUntil: number | null;
  /** Folded from the salts revealed so far; orders equal asks. */
  seed: Hash;
  terms: ContractFunctionReturnType<typeof sealedAuctionAbi, "view", "termsOf">;
  /** In the order of their commitments. */
  bidders: readonly Address[];
}

const STATES = [undefined, "open", "closed"] as const;

/**
 * Reads a sealed auction.
 * @throws {StoaError} `not_found` when there is none
 */
export async function sealedAuctionOf(chain: Chain, auctions: Address, auctionId: Hash): Promise<SealedAuction> {
  const call = { address: auctions, abi: sealedAuctionAbi, args: [auctionId] } as const;
  const [found, terms, bidders] = await Promise.all([
    readContract(chain, { ...call, functionName: "auctionOf" }),
    readContract(chain, { ...call, functionName: "termsOf" }),
    readContract(chain, { ...call, functionName: "biddersOf" }),
  ]);
  const state = STATES[found.state];
  if (state === undefined) throw new StoaError("not_found", `${auctions} has no auction ${auctionId}`);
  return {
    auctionId,
    requester: found.requester,
    state,
    commitUntil: Number(found.commitUntil) * 1_000,
    revealUntil: Number(found.revealUntil) * 1_000,
    awardUntil: found.awardUntil === 0n ? null : Number(found.awardUntil) * 1_000,
    seed: found.seed,
    terms,
    bidders,
  };
}
