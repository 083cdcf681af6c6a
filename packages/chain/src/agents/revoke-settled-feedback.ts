import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { settledFeedbackAbi } from "../generated/settled-feedback.ts";

/** Takes back the sender's rating of an order's agent; the order is not rated again. */
export async function revokeSettledFeedback(
  sender: ChainSender,
  { feedback, orderHash }: { feedback: Address; orderHash: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: settledFeedbackAbi, functionName: "revoke", args: [orderHash] });
  const receipt = await sendAndWait(sender, { doing: `revoking the rating of ${orderHash}`, to: feedback, data });
  return receipt.transactionHash;
}
