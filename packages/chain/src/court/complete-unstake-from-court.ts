import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Pays out stake that has waited its delay, to the arbitrator's wallet. */
export async function completeUnstakeFromCourt(
  sender: ChainSender,
  { court, arbitrator = sender.address }: { court: Address; arbitrator?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: courtAbi, functionName: "completeUnstake", args: [arbitrator] });
  const receipt = await sendAndWait(sender, { doing: `paying out the stake of ${arbitrator}`, to: court, data });
  return receipt.transactionHash;
}
