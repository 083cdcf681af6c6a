import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";
import { approve } from "../token/approve.ts";
import { courtBond } from "./court-bond.ts";

export interface Answer {
  court: Address;
  disputeId: bigint;
  /** What the sender asks to keep, in basis points; above the opener's offer. */
  respondentBps: number;
  evidence: { uri: string; contentHash: Hash };
}

/** Answers a dispute as its respondent, and matches the bond from the sender's wallet. */
export async function answerDispute(
  sender: ChainSender,
  { court, disputeId, respondentBps, evidence }: Answer,
): Promise<Hash> {
  const bond = await courtBond(sender.chain, court, { disputeId, round: 0 });
  await approve(sender, { token: bond.token, spender: court, amount: bond.amount });
  const args = [disputeId, respondentBps, evidence.uri, evidence.contentHash] as const;
  const data = encodeFunctionData({ abi: courtAbi, functionName: "answer", args });
  const receipt = await sendAndWait(sender, { doing: `answering dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
