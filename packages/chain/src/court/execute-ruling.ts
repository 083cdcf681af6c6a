import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Has the subject of a closed dispute take its ruling, where it did not when the dispute was closed. */
export async function executeRuling(
  sender: ChainSender,
  { court, disputeId }: { court: Address; disputeId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: courtAbi, functionName: "execute", args: [disputeId] });
  const receipt = await sendAndWait(sender, { doing: `executing the ruling of dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
