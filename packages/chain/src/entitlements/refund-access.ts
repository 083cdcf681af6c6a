import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/**
 * Returns the sender's newest purchase within its window, for all that was paid; once per agent.
 * @param given.to receives the money; the sender when absent
 * @throws {StoaError} `chain_rejected` when the purchase is final
 */
export async function refundAccess(
  sender: ChainSender,
  { sale, agentId, to = sender.address }: { sale: Address; agentId: bigint; to?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "refund", args: [agentId, to] });
  const receipt = await sendAndWait(sender, { doing: `returning access to agent ${agentId}`, to: sale, data });
  return receipt.transactionHash;
}
