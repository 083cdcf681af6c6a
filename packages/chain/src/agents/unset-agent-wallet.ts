import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";

/** Leaves an agent that the sender owns or is approved for without a wallet. */
export async function unsetAgentWallet(
  sender: ChainSender,
  { registry, agentId }: { registry: Address; agentId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "unsetAgentWallet", args: [agentId] });
  const receipt = await sendAndWait(sender, { doing: `unsetting the wallet of agent ${agentId}`, to: registry, data });
  return receipt.transactionHash;
}
