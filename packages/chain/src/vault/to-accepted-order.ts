import { type ContractFunctionArgs, parseSignature, signatureToCompactSignature } from "viem";
import type { Signature } from "@stoa/protocol";
import type { vaultAbi } from "../generated/vault.ts";
import type { SettlementEvidence } from "./to-settlement.ts";

/** The vault's `AcceptedOrder` tuple: what settles the short way. */
export type AcceptedOrder = ContractFunctionArgs<typeof vaultAbi, "nonpayable", "settleAccepted">[1][number];

/** Puts evidence into the vault's short form; null for what has none: no acceptance, or a session key's order. */
export function toAcceptedOrder(evidence: SettlementEvidence): AcceptedOrder | null {
  const { order, award, session, resultHash, receiptSignature, acceptanceSignature } = evidence;
  if (session !== null || acceptanceSignature === null) return null;
  const [receipt, acceptance] = [compactSignature(receiptSignature), compactSignature(acceptanceSignature)];
  if (!receipt || !acceptance) return null;
  const { operator: _operator, token: _token, ...ordered } = order;
  const { orderHash: _orderHash, ...awarded } = award;
  return {
    ...ordered,
    ...awarded,
    resultHash,
    receiptR: receipt.r,
    receiptVs: receipt.yParityAndS,
    requesterR: acceptance.r,
    requesterVs: acceptance.yParityAndS,
  };
}

/** The short form of EIP-2098; null for what is no signature. */
export function compactSignature(signature: Signature) {
  try {
    return signatureToCompactSignature(parseSignature(signature));
  } catch {
    // Whoever reads it the long way says what is wrong with it.
    return null;
  }
}
