import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Pays fees earned and bonds returned to `owner`, the sender by default, to the owner's wallet. */
export async function withdrawFromCourt(
  sender: ChainSender,
  { court, owner = sender.address }: { court: Address; owner?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: courtAbi, functionName: "withdraw", args: [owner] });
  const receipt = await sendAndWait(sender, { doing: `withdrawing for ${owner}`, to: court, data });
  return receipt.transactionHash;
}
