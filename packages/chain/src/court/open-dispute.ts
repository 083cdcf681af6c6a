import { encodeFunctionData, parseEventLogs } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";
import { approve } from "../token/approve.ts";
import { courtBond } from "./court-bond.ts";

export interface Complaint {
  court: Address;
  /** The contract that holds what is disputed: the escrow. */
  subject: Address;
  subjectId: bigint;
  /** What the respondent shall keep, in basis points; 0 when the sender wants everything back. */
  respondentBps: number;
  evidence: { uri: string; contentHash: Hash };
}

/**
 * Opens a dispute, with the bond from the sender's wallet and its first evidence.
 * @throws {StoaError} `chain_rejected` when the subject does not let the sender dispute it, or not any more
 */
export async function openDispute(
  sender: ChainSender,
  { court, subject, subjectId, respondentBps, evidence }: Complaint,
): Promise<{ disputeId: bigint; txHash: Hash }> {
  const bond = await courtBond(sender.chain, court);
  await approve(sender, { token: bond.token, spender: court, amount: bond.amount });
  const args = [subject, subjectId, respondentBps, evidence.uri, evidence.contentHash] as const;
  const data = encodeFunctionData({ abi: courtAbi, functionName: "open", args });
  const doing = `disputing ${subjectId} of ${subject}`;
  const { logs, transactionHash } = await sendAndWait(sender, { doing, to: court, data });
  const [opened] = parseEventLogs({ abi: courtAbi, eventName: "DisputeOpened", logs });
  if (!opened) throw new StoaError("internal", `${doing}: ${transactionHash} opened none`);
  return { disputeId: opened.args.disputeId, txHash: transactionHash };
}
