import { sha256 } from "@noble/hashes/sha2.js";
import type { Address, Hash } from "@stoa/protocol";
import { hexToBytes } from "viem";

// One hash object and one digest for all: each is read before the next is taken.
const scratch = sha256.create();
const digest = new Uint8Array(sha256.outputLen);

/**
 * τ of one task: 16 bits per node that nobody chooses, taken off an edge's scaled weight so that equal bids are
 * told apart the same way by everyone: the first two bytes of SHA-256(seed ‖ task ‖ node). Worth less than one
 * smallest unit. Seed and task fill SHA-256's first block, which is hashed once for all nodes.
 * @returns for a node's address as bytes, an integer from 0 to 65535
 */
export function tieBreaksOf(seed: Hash, taskId: Hash): (node: Uint8Array) => number {
  const start = sha256.create().update(hexToBytes(seed)).update(hexToBytes(taskId));
  return (node) => {
    // The library's own way to hash on from a state without a new object per node: it halves the time.
    // oxlint-disable-next-line no-underscore-dangle
    start._cloneInto(scratch).update(node).digestInto(digest);
    return digest[0]! * 256 + digest[1]!;
  };
}

/**
 * τ of one task and node; see {@link tieBreaksOf}.
 * @returns an integer from 0 to 65535
 */
export function tieBreak(seed: Hash, taskId: Hash, node: Address): number {
  return tieBreaksOf(seed, taskId)(hexToBytes(node));
}
