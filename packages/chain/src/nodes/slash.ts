import { encodeFunctionData } from "viem";
import type { Address, Award, BidSheet, Hash, Order, Signature } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** What binds a failed node to its award. */
export interface SlashEvidence {
  order: Order;
  award: Award;
  /** Null when the node never signed the award: its bid binds it. */
  nodeSignature: Signature | null;
  sheet: BidSheet;
  sheetSignature: Signature;
  bid: { agentVersion: Hash; ask: bigint; promisedSeconds: number };
  proof: readonly Hash[];
}

/**
 * Voids a failed award and takes its damages from the provider's stake for the node; only the operator can.
 * @throws {StoaError} `chain_rejected` when the award is settled, claimed or slashed, or the damages are over the bond
 */
export async function slash(
  sender: ChainSender,
  nodes: Address,
  {
    evidence,
    provider,
    damages,
    toRequester,
  }: { evidence: SlashEvidence; provider: Address; damages: bigint; toRequester: bigint },
): Promise<Hash> {
  const { bid, nodeSignature, ...same } = evidence;
  const tuple = { ...same, ...bid, nodeSignature: nodeSignature ?? "0x" } as const;
  const data = encodeFunctionData({
    abi: nodesAbi,
    functionName: "slash",
    args: [tuple, provider, damages, toRequester],
  });
  const receipt = await sendAndWait(sender, {
    doing: `slashing ${evidence.award.node} by ${damages}`,
    to: nodes,
    data,
    // An award is slashed once: whoever asks again asks for the same.
    occasion: "slash",
  });
  return receipt.transactionHash;
}
