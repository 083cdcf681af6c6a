import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData, type Hex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";

/**
 * Says something of an agent that the sender owns or is approved for.
 * @throws {StoaError} `chain_rejected` for another's agent, and for the key `agentWallet`
 */
export async function setAgentMetadata(
  sender: ChainSender,
  { registry, agentId, key, value }: { registry: Address; agentId: bigint; key: string; value: Hex },
): Promise<Hash> {
  const args = [agentId, key, value] as const;
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setMetadata", args });
  const receipt = await sendAndWait(sender, { doing: `setting ${key} of agent ${agentId}`, to: registry, data });
  return receipt.transactionHash;
}
