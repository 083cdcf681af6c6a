import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Shows a party's evidence: where it is, and the hash it must have. */
export async function submitEvidence(
  sender: ChainSender,
  { court, disputeId, uri, contentHash }: { court: Address; disputeId: bigint; uri: string; contentHash: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: courtAbi,
    functionName: "submitEvidence",
    args: [disputeId, uri, contentHash],
  });
  const receipt = await sendAndWait(sender, { doing: `showing evidence in dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
