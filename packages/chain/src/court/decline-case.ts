import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Gives the sender's seats on a panel back, before it committed. */
export async function declineCase(
  sender: ChainSender,
  { court, disputeId }: { court: Address; disputeId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: courtAbi, functionName: "decline", args: [disputeId] });
  const receipt = await sendAndWait(sender, { doing: `declining dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
