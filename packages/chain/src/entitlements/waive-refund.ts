import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/** Makes the sender's purchase final before its time, as an agent may ask before it serves. */
export async function waiveRefund(
  sender: ChainSender,
  { sale, agentId }: { sale: Address; agentId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "waiveRefund", args: [agentId] });
  const receipt = await sendAndWait(sender, { doing: `waiving the refund of agent ${agentId}`, to: sale, data });
  return receipt.transactionHash;
}
