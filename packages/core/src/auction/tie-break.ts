import type { Address, Hash } from "@stoa/protocol";
import { concat, sha256 } from "viem";

/**
 * τ: 16 bits that nobody chooses, taken off an edge's scaled weight so that equal bids are told apart
 * the same way by everyone. Worth less than one smallest unit.
 * @returns an integer from 0 to 65535
 */
export function tieBreak(seed: Hash, taskId: Hash, node: Address): number {
  return Number.parseInt(sha256(concat([seed, taskId, node])).slice(2, 6), 16);
}
