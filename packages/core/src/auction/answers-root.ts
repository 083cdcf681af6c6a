import { BID_REASON, type Hash, keccak256 as hash, type SheetAnswer, writeHex } from "@stoa/protocol";
import { bytesToHex } from "viem";

/** Hashes of passes: many nodes pass on a task with the same words, so that a whole round has few to hash. */
export type PassLeaves = Map<string, Uint8Array>;

/** The ABI encoding of (bytes32 orderHash, bytes32 agentVersion, uint256 ask, uint32 promisedSeconds, uint8 reason). */
function encode({ orderHash, agentVersion, ask, promisedSeconds, reason }: SheetAnswer): Uint8Array {
  const amount = BigInt(ask);
  // A field that wrapped around would make two answers of one leaf.
  if (amount < 0n || amount >> 256n > 0n || promisedSeconds !== promisedSeconds >>> 0 || reason !== (reason & 0xff))
    throw new RangeError(`an answer's ${ask}, ${promisedSeconds} or ${reason} is out of its type's bounds`);
  const bytes = new Uint8Array(160);
  if (!writeHex(orderHash, 32, bytes, 0) || !writeHex(agentVersion, 32, bytes, 32))
    throw new RangeError(`an answer's ${orderHash} or ${agentVersion} is no hash`);
  const view = new DataView(bytes.buffer);
  for (let at = 88, rest = amount; rest > 0n; at -= 8, rest >>= 64n) view.setBigUint64(at, BigInt.asUintN(64, rest));
  view.setUint32(124, promisedSeconds);
  view.setUint8(159, reason);
  return bytes;
}

function leafOf(answer: SheetAnswer, passes: PassLeaves): Uint8Array {
  if (answer.reason === BID_REASON) return hash(hash(encode(answer)));
  const { orderHash, agentVersion, ask, promisedSeconds, reason } = answer;
  const key = `${orderHash} ${agentVersion} ${ask} ${promisedSeconds} ${reason}`;
  const known = passes.get(key) ?? hash(hash(encode(answer)));
  passes.set(key, known);
  return known;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < 32; at += 1) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return 0;
}

/**
 * The root of the Merkle tree over a node's answers, the one that `buildSheet` gives; it does not depend on the order of
 * the answers. Written out on bytes, as a market and a verifier compute it for every sheet and the library's tree takes
 * several times as long.
 * @param passes kept over the sheets of one round
 * @throws {RangeError} when there is no answer, or a field of one is out of its type's bounds
 */
export function answersRoot(answers: readonly SheetAnswer[], passes: PassLeaves = new Map()): Hash {
  if (answers.length === 0) throw new RangeError("a sheet has at least one answer");
  const leaves = answers.map((answer) => leafOf(answer, passes)).sort(compare);
  // A complete binary tree in an array: the leaves stand at its end, the last first, and the root at its beginning.
  const tree = new Array<Uint8Array>(2 * leaves.length - 1);
  leaves.forEach((leaf, at) => (tree[tree.length - 1 - at] = leaf));
  const pair = new Uint8Array(64);
  for (let at = leaves.length - 2; at >= 0; at -= 1) {
    const [left, right] = [tree[2 * at + 1]!, tree[2 * at + 2]!];
    const isSorted = compare(left, right) < 0;
    pair.set(isSorted ? left : right, 0);
    pair.set(isSorted ? right : left, 32);
    tree[at] = hash(pair);
  }
  return bytesToHex(tree[0]!);
}
