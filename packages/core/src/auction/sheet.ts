import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import type { Hash, SheetAnswer } from "@stoa/protocol";

/** How an answer is encoded into a leaf; `Vault.settle` hashes the same fields. */
export const ANSWER_LEAF = ["bytes32", "bytes32", "uint256", "uint32", "uint8"];

type Leaf = [Hash, Hash, bigint, number, number];

function leafOf({ orderHash, agentVersion, ask, promisedSeconds, reason }: SheetAnswer): Leaf {
  return [orderHash, agentVersion, BigInt(ask), promisedSeconds, reason];
}

function treeOf(answers: readonly SheetAnswer[]) {
  return StandardMerkleTree.of(answers.map(leafOf), ANSWER_LEAF);
}

/**
 * The Merkle tree over all answers of one node in one round.
 * @returns the root the node signs, and a proof per answer in the given order
 */
export function buildSheet(answers: readonly SheetAnswer[]): { root: Hash; proofs: Hash[][] } {
  const tree = treeOf(answers);
  return { root: tree.root as Hash, proofs: answers.map((_, index) => tree.getProof(index) as Hash[]) };
}

/** The root alone; it does not depend on the order of the answers. */
export function answersRoot(answers: readonly SheetAnswer[]): Hash {
  return treeOf(answers).root as Hash;
}

/** The proof that the answer at `index` stands in the sheet. */
export function proveAnswer(answers: readonly SheetAnswer[], index: number): Hash[] {
  return treeOf(answers).getProof(index) as Hash[];
}

/** Whether the answer stands in the sheet with this root. */
export function verifyAnswer(root: Hash, answer: SheetAnswer, proof: readonly Hash[]): boolean {
  return StandardMerkleTree.verify<Leaf>(root, ANSWER_LEAF, leafOf(answer), [...proof]);
}
