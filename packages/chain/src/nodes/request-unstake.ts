import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** Starts taking stake for a node back; it can be completed after the vault's delay of withdrawals. */
export async function requestUnstake(
  sender: ChainSender,
  { nodes, node, token, amount }: { nodes: Address; node: Address; token: Address; amount: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "requestUnstake", args: [node, token, amount] });
  const receipt = await sendAndWait(sender, {
    doing: `requesting ${amount} of the stake for ${node} back`,
    to: nodes,
    data,
  });
  return receipt.transactionHash;
}
