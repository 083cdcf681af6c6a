import { type Address, type Hash, StoaError } from "@stoa/protocol";
import { encodeFunctionData, type Hex, parseEventLogs } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";

/**
 * Registers an agent of the sender's, whose wallet is the sender too.
 * @param terms.uri of its registration file
 * @example
 * const { agentId } = await registerAgent(sender, { registry, uri: "ipfs://…" });
 */
export async function registerAgent(
  sender: ChainSender,
  { registry, uri, metadata = {} }: { registry: Address; uri: string; metadata?: Record<string, Hex> },
): Promise<{ agentId: bigint; txHash: Hash }> {
  const entries = Object.entries(metadata).map(([metadataKey, metadataValue]) => ({ metadataKey, metadataValue }));
  const data = encodeFunctionData({ abi: identityRegistryAbi, functionName: "register", args: [uri, entries] });
  const receipt = await sendAndWait(sender, { doing: `registering the agent ${uri}`, to: registry, data });
  const [registered] = parseEventLogs({ abi: identityRegistryAbi, eventName: "Registered", logs: receipt.logs });
  if (!registered) throw new StoaError("internal", `${registry} registered no agent in ${receipt.transactionHash}`);
  return { agentId: registered.args.agentId, txHash: receipt.transactionHash };
}
