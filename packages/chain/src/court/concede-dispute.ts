import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Gives in before a panel is drawn: the other side's offer is ruled. */
export async function concedeDispute(
  sender: ChainSender,
  { court, disputeId }: { court: Address; disputeId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: courtAbi, functionName: "concede", args: [disputeId] });
  const receipt = await sendAndWait(sender, { doing: `conceding dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
