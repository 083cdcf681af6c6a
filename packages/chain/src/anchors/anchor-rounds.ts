import { type Address, type AnchoredSegment, type Hash, segmentHash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { roundAnchorsAbi } from "../generated/round-anchors.ts";

/** How far a segment's chain of rounds shall be anchored. */
export interface NewAnchor extends Pick<AnchoredSegment, "vault" | "segment"> {
  /** How many rounds of the segment the head ends. */
  position: number;
  /** The head anchored last; zeros when there is none. */
  previous: Hash;
  head: Hash;
}

/**
 * Anchors the heads of several segments in one transaction, all of them or none; does not wait for its block.
 * @throws {StoaError} `chain_rejected` when a chain's head on chain is another than `previous`
 */
export function anchorRounds(sender: ChainSender, contract: Address, anchors: readonly NewAnchor[]): Promise<Hash> {
  const items = anchors.map(({ vault, segment, position, previous, head }) => ({
    segment: segmentHash({ vault, segment }),
    position: BigInt(position),
    previous,
    head,
  }));
  const data = encodeFunctionData({ abi: roundAnchorsAbi, functionName: "anchorMany", args: [items] });
  const subjects = anchors.map(anchorSubject);
  return sender.send({ doing: `anchoring the rounds of ${anchors.length} segments`, to: contract, data, subjects });
}

/** By which a sender tells that an anchor of a segment is in flight. */
export function anchorSubject({ vault, segment }: Pick<NewAnchor, "vault" | "segment">): string {
  return `anchor ${segmentHash({ vault, segment })}`;
}
