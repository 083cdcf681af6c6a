import type { Address, Hash } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { vaultAbi } from "../generated/vault.ts";

/** Where an order stands on chain; "none" also when its claim was refunded or released. */
export type OrderState = "none" | "claimed" | "challenged" | "upheld" | "settled";

export interface OrderStatus {
  state: OrderState;
  /** Epoch milliseconds from which an unchallenged claim can be settled; null without a claim. */
  payableAt: number | null;
  /** The award the claim is for; null without a claim. */
  awardHash: Hash | null;
}

const CLAIM_STATES = ["none", "claimed", "challenged", "upheld"] as const satisfies readonly OrderState[];

/** Reads where an order stands on chain; in the "pending" block when transactions that wait count too. */
export async function orderStatus(
  chain: Chain,
  vault: Address,
  orderHash: Hash,
  blockTag: "latest" | "pending" = "latest",
): Promise<OrderStatus> {
  const call = { address: vault, abi: vaultAbi, args: [orderHash], blockTag } as const;
  const [settled, claim] = await Promise.all([
    readContract(chain, { ...call, functionName: "settled" }),
    readContract(chain, { ...call, functionName: "claimOf" }),
  ]);
  if (settled) return { state: "settled", payableAt: null, awardHash: null };
  const state = CLAIM_STATES[claim.state];
  if (state === undefined || state === "none") return { state: "none", payableAt: null, awardHash: null };
  return { state, payableAt: Number(claim.payableAt) * 1_000, awardHash: claim.awardHash };
}
