import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** Ends a node's registration, as its provider or by its own key. Its stake stays where it is. */
export async function deregisterNode(
  sender: ChainSender,
  { nodes, node }: { nodes: Address; node: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "deregister", args: [node] });
  const receipt = await sendAndWait(sender, { doing: `ending the registration of ${node}`, to: nodes, data });
  return receipt.transactionHash;
}
