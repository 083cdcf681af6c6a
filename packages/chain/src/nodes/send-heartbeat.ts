import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** Says that a node is alive, as its provider or by its own key. */
export async function sendHeartbeat(
  sender: ChainSender,
  { nodes, node }: { nodes: Address; node: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "heartbeat", args: [node] });
  const receipt = await sendAndWait(sender, { doing: `a heartbeat of ${node}`, to: nodes, data });
  return receipt.transactionHash;
}
