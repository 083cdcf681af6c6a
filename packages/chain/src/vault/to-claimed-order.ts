import { type ContractFunctionArgs, zeroHash } from "viem";
import type { claimBatchesAbi } from "../generated/claim-batches.ts";
import { compactSignature, toAcceptedOrder } from "./to-accepted-order.ts";
import type { SettlementEvidence } from "./to-settlement.ts";

/** The `ClaimedOrder` tuple of the contract of batches. */
export type ClaimedOrder = ContractFunctionArgs<typeof claimBatchesAbi, "nonpayable", "post">[2][number];

/**
 * Puts evidence into the form of a batch of claims; null for what has none: a session key's order.
 * @param byOperator whether the operator posts it itself: its signature of the award is not shown then
 */
export function toClaimedOrder(evidence: SettlementEvidence, byOperator: boolean): ClaimedOrder | null {
  // In a claim the requester's word is its order, where an accepted order has the acceptance.
  const order = toAcceptedOrder({ ...evidence, acceptanceSignature: evidence.orderSignature });
  if (!order) return null;
  if (byOperator) return { order, operatorR: zeroHash, operatorVs: zeroHash };
  const operator = compactSignature(evidence.operatorSignature);
  return operator && { order, operatorR: operator.r, operatorVs: operator.yParityAndS };
}
