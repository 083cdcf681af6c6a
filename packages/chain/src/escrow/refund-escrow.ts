import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** Pays the requester back: by the provider, or by anyone when nothing was delivered in time. */
export async function refundEscrow(
  sender: ChainSender,
  { escrow, escrowId }: { escrow: Address; escrowId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "refund", args: [escrowId] });
  const receipt = await sendAndWait(sender, { doing: `refunding escrow ${escrowId}`, to: escrow, data });
  return receipt.transactionHash;
}
