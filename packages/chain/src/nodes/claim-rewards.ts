import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/**
 * Pays an account's rewards out to its wallet; anyone may send it.
 * @throws {StoaError} `chain_rejected` when there are none
 */
export async function claimRewards(
  sender: ChainSender,
  { nodes, account, token }: { nodes: Address; account: Address; token: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "claimRewards", args: [account, token] });
  const receipt = await sendAndWait(sender, { doing: `claiming the rewards of ${account}`, to: nodes, data });
  return receipt.transactionHash;
}
