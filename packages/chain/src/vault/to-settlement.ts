import { type ContractFunctionArgs, zeroAddress } from "viem";
import type { Award, BidSheet, Hash, Order, SessionKey, Signature } from "@stoa/protocol";
import type { vaultAbi } from "../generated/vault.ts";

/** Everything that shows that an order is owed for. */
export interface SettlementEvidence {
  order: Order;
  orderSignature: Signature;
  /** The session key that signed the order and its wallet's signature; null when the wallet signed itself. */
  session: { key: SessionKey; signature: Signature } | null;
  award: Award;
  nodeSignature: Signature;
  operatorSignature: Signature;
  sheet: BidSheet;
  sheetSignature: Signature;
  /** The winning answer, and its proof in the sheet. */
  bid: { agentVersion: Hash; ask: bigint; promisedSeconds: number };
  proof: readonly Hash[];
  resultHash: Hash;
  receiptSignature: Signature;
  /** Null for a claim, and to settle a claim. */
  acceptanceSignature: Signature | null;
  /** Payment, royalty and fee together. */
  charge: bigint;
}

/** The vault's `Settlement` tuple. */
export type SettlementItem = ContractFunctionArgs<typeof vaultAbi, "nonpayable", "settleOne">[0];

const NO_SESSION = {
  wallet: zeroAddress,
  key: zeroAddress,
  token: zeroAddress,
  maxPerOrder: 0n,
  maxTotal: 0n,
  expiresAt: 0n,
  nonce: 0n,
};

/** Puts evidence into the form the vault takes. */
export function toSettlement(evidence: SettlementEvidence): SettlementItem {
  const { session, bid, acceptanceSignature, ...same } = evidence;
  return {
    ...same,
    session: session?.key ?? NO_SESSION,
    sessionSignature: session?.signature ?? "0x",
    agentVersion: bid.agentVersion,
    ask: bid.ask,
    promisedSeconds: bid.promisedSeconds,
    acceptanceSignature: acceptanceSignature ?? "0x",
  };
}
