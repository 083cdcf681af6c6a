import { type Address, type Hash, ZERO_HASH } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { reputationRegistryAbi } from "../generated/reputation-registry.ts";

/** What a client says of an agent, by ERC-8004. */
export interface Feedback {
  /** Stands for value / 10^decimals. */
  value: bigint;
  decimals: number;
  tag1?: string;
  tag2?: string;
  endpoint?: string;
  details?: { uri: string; hash: Hash };
}

/**
 * Gives feedback in the sender's own name, as the reference has it: for anyone but the agent's owner and operators.
 * @throws {StoaError} `chain_rejected` for the agent's own, or a value out of bounds
 */
export async function giveFeedback(
  sender: ChainSender,
  { registry, agentId, feedback }: { registry: Address; agentId: bigint; feedback: Feedback },
): Promise<Hash> {
  const { value, decimals, tag1 = "", tag2 = "", endpoint = "", details = { uri: "", hash: ZERO_HASH } } = feedback;
  const args = [agentId, value, decimals, tag1, tag2, endpoint, details.uri, details.hash] as const;
  const data = encodeFunctionData({ abi: reputationRegistryAbi, functionName: "giveFeedback", args });
  const receipt = await sendAndWait(sender, { doing: `giving feedback on agent ${agentId}`, to: registry, data });
  return receipt.transactionHash;
}
