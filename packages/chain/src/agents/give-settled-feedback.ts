import {
  type Address,
  type Award,
  type BidSheet,
  type Hash,
  hashTyped,
  type Order,
  type Signature,
  ZERO_HASH,
} from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { readContract } from "../client/read-contract.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { settledFeedbackAbi } from "../generated/settled-feedback.ts";
import { paidWith } from "./paid-with.ts";

/** What shows that an order was settled, and by which version: part of what it was settled with. */
export interface WorkEvidence {
  order: Order;
  award: Award;
  sheet: BidSheet;
  sheetSignature: Signature;
  bid: { agentVersion: Hash; ask: bigint; promisedSeconds: number };
  proof: readonly Hash[];
  /** The transaction that settled it. */
  settledBy: Hash;
}

export interface Rating {
  /** 0 to 100. */
  value: number;
  /** What was asked for, such as `text.summarize`. */
  capability: string;
  endpoint?: string;
  /** Where more is said, with the keccak256 of it. */
  details?: { uri: string; hash: Hash };
}

/**
 * Rates the agent that did an order of the sender's which the vault has settled; once per order.
 * @param terms.feedback the adapter's contract, which is the client in the reputation registry
 * @throws {StoaError} `chain_rejected` when the work is not settled, not the sender's or not the agent's
 */
export async function giveSettledFeedback(
  sender: ChainSender,
  {
    feedback,
    agentId,
    evidence,
    rating,
  }: { feedback: Address; agentId: bigint; evidence: WorkEvidence; rating: Rating },
): Promise<Hash> {
  const { order, award, sheet, sheetSignature, bid, proof, settledBy } = evidence;
  const { value, capability, endpoint = "", details = { uri: "", hash: ZERO_HASH } } = rating;
  const { chain } = sender;
  const sources = { address: feedback, abi: settledFeedbackAbi, functionName: "sources", args: [] } as const;
  const [vault] = await readContract(chain, sources);
  const awardHash = hashTyped({ chainId: chain.chainId, vault }, "Award", award);
  const paid = await paidWith(chain, vault, { order, awardHash, txHash: settledBy });
  const args = [
    agentId,
    { order, award, sheet, sheetSignature, ...bid, proof, paidWith: paid.paidWith, place: BigInt(paid.place) },
    { value, tag2: capability, endpoint, feedbackURI: details.uri, feedbackHash: details.hash },
  ] as const;
  const data = encodeFunctionData({ abi: settledFeedbackAbi, functionName: "give", args });
  const receipt = await sendAndWait(sender, { doing: `rating agent ${agentId}`, to: feedback, data });
  return receipt.transactionHash;
}
