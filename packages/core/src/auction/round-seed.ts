import type { Hash } from "@stoa/protocol";
import { concat, sha256 } from "viem";

/**
 * The seed of a round's tie-breaks: nobody can know it before the last node has answered.
 * The task root is the SHA-256 of the order hashes in the opening's order; the roots of the
 * nodes that answered are sorted, so that the order of their arrival says nothing.
 */
export function roundSeed(
  previousHash: Hash,
  roundId: Hash,
  orderHashes: readonly Hash[],
  answersRoots: readonly Hash[],
): Hash {
  const taskRoot = sha256(concat(["0x", ...orderHashes]));
  return sha256(concat([previousHash, roundId, taskRoot, ...answersRoots.toSorted()]));
}
