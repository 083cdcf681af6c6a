import { encodeFunctionData } from "viem";
import type { Address, BidSheet, Hash, Signature } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** Two messages that one node signed and that contradict each other. */
export type Conflict =
  | { kind: "results"; node: Address; awardHash: Hash; resultHashes: readonly [Hash, Hash] }
  | { kind: "sheets"; sheets: readonly [BidSheet, BidSheet] };

/**
 * Proves that a node contradicted itself, which takes part of its provider's stake; a small part of that is the sender's,
 * to be claimed as a reward.
 * @throws {StoaError} `chain_rejected` when the messages do not conflict, it was punished before, or nothing is at stake
 */
export async function reportConflict(
  sender: ChainSender,
  given: {
    nodes: Address;
    provider: Address;
    token: Address;
    conflict: Conflict;
    signatures: readonly [Signature, Signature];
  },
): Promise<Hash> {
  const { nodes, provider, token, conflict, signatures } = given;
  const data =
    conflict.kind === "results"
      ? encodeFunctionData({
          abi: nodesAbi,
          functionName: "reportResults",
          args: [provider, conflict.node, token, conflict.awardHash, conflict.resultHashes, signatures],
        })
      : encodeFunctionData({
          abi: nodesAbi,
          functionName: "reportSheets",
          args: [provider, token, conflict.sheets, signatures],
        });
  const receipt = await sendAndWait(sender, { doing: `reporting two ${conflict.kind} of one node`, to: nodes, data });
  return receipt.transactionHash;
}
