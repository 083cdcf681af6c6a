import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { channelsAbi } from "../generated/channels.ts";

/**
 * Fetches what a contract of channels or of sealed auctions owes an owner, to the owner's wallet; anyone may send it.
 * @throws {StoaError} `chain_rejected` when nothing is due
 */
export async function withdrawDue(
  sender: ChainSender,
  { contract, token, owner = sender.address }: { contract: Address; token: Address; owner?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: channelsAbi, functionName: "withdraw", args: [owner, token] });
  const receipt = await sendAndWait(sender, { doing: `withdrawing what is due to ${owner}`, to: contract, data });
  return receipt.transactionHash;
}
