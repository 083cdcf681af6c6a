import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/** Reads what an account can withdraw of what it earned by selling access, in the token's smallest unit. */
export function revenueOf(
  chain: Chain,
  { sale, account, token }: { sale: Address; account: Address; token: Address },
): Promise<bigint> {
  const args = [account, token] as const;
  return readContract(chain, { address: sale, abi: entitlementsAbi, functionName: "revenueOf", args });
}
