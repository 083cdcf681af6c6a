import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";

/** Ends the sale of access to an agent that the sender owns; what was bought stays. */
export async function unlistAccess(
  sender: ChainSender,
  { sale, agentId }: { sale: Address; agentId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: entitlementsAbi, functionName: "unlist", args: [agentId] });
  const receipt = await sendAndWait(sender, { doing: `ending the sale of agent ${agentId}`, to: sale, data });
  return receipt.transactionHash;
}
