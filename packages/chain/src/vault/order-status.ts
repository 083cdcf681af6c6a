import { type Address, type Hash, hashTyped, type Order } from "@stoa/protocol";
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

/**
 * Reads where an order stands on chain; in the "pending" block when transactions that wait count too. An order is
 * settled when its nonce is spent: no two orders of one nonce ever are.
 */
export async function orderStatus(
  chain: Chain,
  vault: Address,
  order: Order,
  blockTag: "latest" | "pending" = "latest",
): Promise<OrderStatus> {
  const orderHash = hashTyped({ chainId: chain.chainId, vault }, "Order", order);
  const call = { address: vault, abi: vaultAbi, blockTag } as const;
  const [spent, claim] = await Promise.all([
    readContract(chain, { ...call, functionName: "isSpent", args: [order.requester, order.nonce] }),
    readContract(chain, { ...call, functionName: "claimOf", args: [orderHash] }),
  ]);
  if (spent) return { state: "settled", payableAt: null, awardHash: null };
  const state = CLAIM_STATES[claim.state];
  if (state === undefined || state === "none") return { state: "none", payableAt: null, awardHash: null };
  return { state, payableAt: Number(claim.payableAt) * 1_000, awardHash: claim.awardHash };
}
