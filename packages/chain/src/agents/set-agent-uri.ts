import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";

/** Says where the registration file of an agent lies that the sender owns or is approved for. */
export async function setAgentUri(
  sender: ChainSender,
  { registry, agentId, uri }: { registry: Address; agentId: bigint; uri: string },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "setAgentURI", args: [agentId, uri] });
  const receipt = await sendAndWait(sender, { doing: `setting the URI of agent ${agentId}`, to: registry, data });
  return receipt.transactionHash;
}
