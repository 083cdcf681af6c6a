import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";
import { approve } from "../token/approve.ts";

/**
 * Stakes for a node from the sender's wallet (not from its account in the vault, which may be promised to open orders).
 * @returns the transaction, in a block
 */
export async function stake(
  sender: ChainSender,
  { nodes, node, token, amount }: { nodes: Address; node: Address; token: Address; amount: bigint },
): Promise<Hash> {
  await approve(sender, { token, spender: nodes, amount });
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "stake", args: [node, token, amount] });
  const receipt = await sendAndWait(sender, { doing: `staking ${amount} for ${node}`, to: nodes, data });
  return receipt.transactionHash;
}
