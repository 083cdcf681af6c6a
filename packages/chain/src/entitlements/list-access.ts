import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/** What access to an agent costs. */
export interface AccessTerms {
  token: Address;
  /** Of one purchase, in the token's smallest unit, the platform's fee included. */
  price: bigint;
  /** Seconds that a purchase adds; null for access without an end. */
  durationSeconds: number | null;
  /** Seconds in which a purchase can be returned. */
  refundWindowSeconds: number;
  /** The most tokens at a time. */
  supplyCap: bigint;
  /** Of the token's metadata. */
  uri: string;
}

/**
 * Sells access to an agent that the sender owns, or changes the terms for those who buy from now on.
 * @throws {StoaError} `chain_rejected` for another's agent, or terms out of bounds
 */
export async function listAccess(
  sender: ChainSender,
  { sale, agentId, terms }: { sale: Address; agentId: bigint; terms: AccessTerms },
): Promise<Hash> {
  const { durationSeconds, refundWindowSeconds, ...rest } = terms;
  const given = { ...rest, duration: BigInt(durationSeconds ?? 0), refundWindow: BigInt(refundWindowSeconds) };
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "list", args: [agentId, given] });
  const receipt = await sendAndWait(sender, { doing: `listing access to agent ${agentId}`, to: sale, data });
  return receipt.transactionHash;
}
