import { encodeFunctionData, type Hex } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** Delivers and has the escrow's verifier release it, in one transaction that nobody can dispute between. */
export async function deliverVerified(
  sender: ChainSender,
  { escrow, escrowId, resultHash, evidence }: { escrow: Address; escrowId: bigint; resultHash: Hash; evidence: Hex },
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: escrowAbi,
    functionName: "deliverVerified",
    args: [escrowId, resultHash, evidence],
  });
  const receipt = await sendAndWait(sender, { doing: `delivering for escrow ${escrowId}`, to: escrow, data });
  return receipt.transactionHash;
}
