import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { validationRegistryAbi } from "../generated/validation-registry.ts";

/**
 * Asks a validator to check work of an agent that the sender owns or is approved for.
 * @param terms.requestHash commits to what lies at the URI; each is asked about once
 */
export async function requestValidation(
  sender: ChainSender,
  terms: { registry: Address; agentId: bigint; validator: Address; uri: string; requestHash: Hash },
): Promise<Hash> {
  const { registry, agentId, validator, uri, requestHash } = terms;
  const args = [validator, agentId, uri, requestHash] as const;
  const data = encodeFunctionData({ abi: validationRegistryAbi, functionName: "validationRequest", args });
  const receipt = await sendAndWait(sender, {
    doing: `asking ${validator} about agent ${agentId}`,
    to: registry,
    data,
  });
  return receipt.transactionHash;
}
