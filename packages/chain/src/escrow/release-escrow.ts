import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** Pays the provider: by the requester at any time before a dispute, by anyone after the approval window. */
export async function releaseEscrow(
  sender: ChainSender,
  { escrow, escrowId }: { escrow: Address; escrowId: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "release", args: [escrowId] });
  const receipt = await sendAndWait(sender, { doing: `releasing escrow ${escrowId}`, to: escrow, data });
  return receipt.transactionHash;
}
