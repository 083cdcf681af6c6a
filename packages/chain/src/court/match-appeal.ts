import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";
import { approve } from "../token/approve.ts";
import { courtBond } from "./court-bond.ts";
import { disputeOf } from "./dispute-of.ts";

/** Posts the bond an appeal demands of the other side, which loses without it; anyone may, and is paid back. */
export async function matchAppeal(
  sender: ChainSender,
  { court, disputeId }: { court: Address; disputeId: bigint },
): Promise<Hash> {
  const { round } = await disputeOf(sender.chain, court, disputeId);
  const bond = await courtBond(sender.chain, court, { disputeId, round });
  await approve(sender, { token: bond.token, spender: court, amount: bond.amount });
  const data = encodeFunctionData({ abi: courtAbi, functionName: "matchAppeal", args: [disputeId] });
  const receipt = await sendAndWait(sender, { doing: `matching the appeal of dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
