import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";

/** Pays what is credited to `owner`, the sender by default, to the owner's wallet. */
export async function withdrawFromEscrow(
  sender: ChainSender,
  { escrow, token, owner = sender.address }: { escrow: Address; token: Address; owner?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "withdraw", args: [owner, token] });
  const receipt = await sendAndWait(sender, { doing: `withdrawing for ${owner}`, to: escrow, data });
  return receipt.transactionHash;
}
