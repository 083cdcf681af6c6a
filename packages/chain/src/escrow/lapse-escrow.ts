import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** Divides an escrow whose court never ruled. */
export async function lapseEscrow(
  sender: ChainSender,
  { escrow, escrowId }: { escrow: Address; escrowId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "lapse", args: [escrowId] });
  const receipt = await sendAndWait(sender, { doing: `ending the hold of escrow ${escrowId}`, to: escrow, data });
  return receipt.transactionHash;
}
