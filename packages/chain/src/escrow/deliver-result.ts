import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** Says what the sender, the escrow's provider, delivers. */
export async function deliverResult(
  sender: ChainSender,
  { escrow, escrowId, resultHash }: { escrow: Address; escrowId: bigint; resultHash: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "deliver", args: [escrowId, resultHash] });
  const receipt = await sendAndWait(sender, { doing: `delivering for escrow ${escrowId}`, to: escrow, data });
  return receipt.transactionHash;
}
