import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Starts to take back stake that none of the sender's seats locks. */
export async function requestUnstakeFromCourt(
  sender: ChainSender,
  { court, amount }: { court: Address; amount: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: courtAbi, functionName: "requestUnstake", args: [amount] });
  const receipt = await sendAndWait(sender, { doing: `taking back ${amount} of arbitration stake`, to: court, data });
  return receipt.transactionHash;
}
