import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

export interface Access {
  /** At the newest block's time. */
  hasAccess: boolean;
  /** Epoch milliseconds, which may have passed; null without access, and for access without an end. */
  expiresAt: number | null;
  /** Whether it can no longer be returned: an agent that fears refunds serves only who cannot. */
  isFinal: boolean;
}

const WITHOUT_END = 2n ** 64n - 1n;

/** Reads an account's access to an agent. */
export async function accessOf(
  chain: Chain,
  { sale, account, agentId }: { sale: Address; account: Address; agentId: bigint },
): Promise<Access> {
  const call = { address: sale, abi: entitlementsAbi, args: [account, agentId] } as const;
  const [hasAccess, expiry, isFinal] = await Promise.all([
    readContract(chain, { ...call, functionName: "hasAccess" }),
    readContract(chain, { ...call, functionName: "expiryOf" }),
    readContract(chain, { ...call, functionName: "isFinal" }),
  ]);
  const expiresAt = expiry === 0n || expiry === WITHOUT_END ? null : Number(expiry) * 1_000;
  return { hasAccess, expiresAt, isFinal };
}
