import { encodeFunctionData, type Hex } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** Has the verifier judge a delivery by evidence; releases it, or is rejected. */
export async function verifyDelivery(
  sender: ChainSender,
  { escrow, escrowId, evidence }: { escrow: Address; escrowId: bigint; evidence: Hex },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "verify", args: [escrowId, evidence] });
  const receipt = await sendAndWait(sender, {
    doing: `verifying the delivery of escrow ${escrowId}`,
    to: escrow,
    data,
  });
  return receipt.transactionHash;
}
