import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** Pays stake that waited its delay out to its provider's wallet; anyone may send it. */
export async function completeUnstake(
  sender: ChainSender,
  { nodes, provider, node, token }: { nodes: Address; provider: Address; node: Address; token: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "completeUnstake", args: [provider, node, token] });
  const receipt = await sendAndWait(sender, { doing: `completing the unstaking for ${node}`, to: nodes, data });
  return receipt.transactionHash;
}
