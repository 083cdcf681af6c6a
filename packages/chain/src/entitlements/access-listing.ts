import type { Address } from "@stoa/protocol";
import { zeroAddress } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";
import type { AccessTerms } from "./list-access.ts";

export interface AccessListing {
  seller: Address;
  /** A buyer names it: the terms it read are the terms it pays. */
  version: bigint;
  /** Tokens there are, expired ones included until they are cleared. */
  supply: bigint;
  terms: AccessTerms;
}

/** Reads what is listed for an agent; null when nothing is. */
export async function accessListing(
  chain: Chain,
  { sale, agentId }: { sale: Address; agentId: bigint },
): Promise<AccessListing | null> {
  const call = { address: sale, abi: entitlementsAbi, args: [agentId] } as const;
  const { seller, version, supply, terms } = await readContract(chain, { ...call, functionName: "listingOf" });
  if (seller === zeroAddress) return null;
  const { duration, refundWindow, ...rest } = terms;
  const durationSeconds = duration === 0n ? null : Number(duration);
  return { seller, version, supply, terms: { ...rest, durationSeconds, refundWindowSeconds: Number(refundWindow) } };
}
