import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";
import { approve } from "../token/approve.ts";
import { appealBond } from "./appeal-bond.ts";

/** Has a larger panel look at what a panel decided against the sender, with the bond for its seats. */
export async function appealDispute(
  sender: ChainSender,
  { court, disputeId }: { court: Address; disputeId: bigint },
): Promise<Hash> {
  const { token, amount } = await appealBond(sender.chain, court, disputeId);
  await approve(sender, { token, spender: court, amount });
  const data = encodeFunctionData({ abi: courtAbi, functionName: "appeal", args: [disputeId] });
  const receipt = await sendAndWait(sender, { doing: `appealing dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
