import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import type { Hash, SheetAnswer } from "@stoa/protocol";
import { concat, type Hex, keccak256, numberToHex } from "viem";

const word = (value: bigint | number) => numberToHex(value, { size: 32 });

/**
 * The leaf the vault hashes: keccak256 twice over the ABI encoding of
 * (bytes32 orderHash, bytes32 agentVersion, uint256 ask, uint32 promisedSeconds, uint8 reason).
 * Written out because a general ABI encoder takes five times as long, and a node answers for every task.
 */
function leafOf({ orderHash, agentVersion, ask, promisedSeconds, reason }: SheetAnswer): Hash {
  const encoded = concat([orderHash, agentVersion, word(BigInt(ask)), word(promisedSeconds), word(reason)]);
  return keccak256(keccak256(encoded));
}

/** Sorted pairs, as OpenZeppelin's `MerkleProof` has them. */
function nodeHash(a: unknown, b: unknown): Hex {
  const [left, right] = [a as Hex, b as Hex];
  return keccak256(left < right ? concat([left, right]) : concat([right, left]));
}

/** The same tree as OpenZeppelin's `StandardMerkleTree` over the leaf's types. */
function treeOf(answers: readonly SheetAnswer[]) {
  return SimpleMerkleTree.of(answers.map(leafOf), { nodeHash });
}

/**
 * The Merkle tree over all answers of one node in one round.
 * @returns the root the node signs, and a proof per answer in the given order
 */
export function buildSheet(answers: readonly SheetAnswer[]): { root: Hash; proofs: Hash[][] } {
  const tree = treeOf(answers);
  return { root: tree.root as Hash, proofs: answers.map((_, index) => tree.getProof(index) as Hash[]) };
}

/** A sheet's answers with the tree over them, for whoever proves several of them. */
export interface OpenSheet {
  /** The answer for a task with the proof that it stands in the sheet; undefined when there is none. */
  prove(orderHash: Hash): { answer: SheetAnswer; proof: Hash[] } | undefined;
}

/** Builds a sheet's tree once, for any number of proofs. */
export function openSheet(answers: readonly SheetAnswer[]): OpenSheet {
  const tree = treeOf(answers);
  const places = new Map(answers.map(({ orderHash }, place) => [orderHash, place]));
  return {
    prove(orderHash) {
      const place = places.get(orderHash);
      return place === undefined ? undefined : { answer: answers[place]!, proof: tree.getProof(place) as Hash[] };
    },
  };
}

/** Whether the answer stands in the sheet with this root. */
export function verifyAnswer(root: Hash, answer: SheetAnswer, proof: readonly Hash[]): boolean {
  return SimpleMerkleTree.verify(root, leafOf(answer), [...proof], nodeHash);
}
