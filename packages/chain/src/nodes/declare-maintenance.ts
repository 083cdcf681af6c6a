import { encodeFunctionData, maxUint64 } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/**
 * Says that the sender's node takes no work until an instant.
 * @param given.until epoch milliseconds; `"until further notice"`, or null to end it now
 */
export async function declareMaintenance(
  sender: ChainSender,
  { nodes, node, until }: { nodes: Address; node: Address; until: number | "until further notice" | null },
): Promise<Hash> {
  const second = until === "until further notice" ? maxUint64 : BigInt(Math.ceil((until ?? 0) / 1_000));
  const data = encodeFunctionData({ abi: nodesAbi, functionName: "declareMaintenance", args: [node, second] });
  const receipt = await sendAndWait(sender, { doing: `declaring maintenance of ${node}`, to: nodes, data });
  return receipt.transactionHash;
}
