import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Commits the sender to a vote with all its seats on a panel; accepts the case. */
export async function commitVote(
  sender: ChainSender,
  { court, disputeId, commitment }: { court: Address; disputeId: bigint; commitment: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: courtAbi, functionName: "commitVote", args: [disputeId, commitment] });
  const receipt = await sendAndWait(sender, { doing: `committing to a vote in dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
