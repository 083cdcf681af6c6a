import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** Changes how many executions the sender's node offers to run at once. */
export async function changeSlots(
  sender: ChainSender,
  { nodes, node, slots }: { nodes: Address; node: Address; slots: number },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "changeSlots", args: [node, slots] });
  const receipt = await sendAndWait(sender, { doing: `offering ${slots} slots of ${node}`, to: nodes, data });
  return receipt.transactionHash;
}
