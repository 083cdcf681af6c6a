import type { Address, Hash } from "@stoa/protocol";
import { type ContractFunctionArgs, concat, encodeAbiParameters, getAbiItem, keccak256 } from "viem";
import { claimBatchesAbi } from "../generated/claim-batches.ts";

/** A leaf of a batch, as the contract tells it. */
export type PostedClaim = ContractFunctionArgs<typeof claimBatchesAbi, "nonpayable", "challenge">[3];

/** A proof of some leaves, in the form of OpenZeppelin's multiproofs. */
export interface Multiproof {
  proof: Hash[];
  flags: boolean[];
}

export interface ClaimTree {
  root: Hash;
  /** Proves the leaves in these places; they are shown in the order of their places. */
  prove(places: readonly number[]): Multiproof;
}

const [, , , CLAIM] = getAbiItem({ abi: claimBatchesAbi, name: "challenge" }).inputs;

/** Builds the tree the contract builds: leaf after leaf, then parent after parent, each of the first two without one. */
export function claimTree(vault: Address, token: Address, claims: readonly PostedClaim[]): ClaimTree {
  const count = claims.length;
  const hashes = claims.map((claim) =>
    keccak256(encodeAbiParameters([{ type: "address" }, { type: "address" }, CLAIM], [vault, token, claim])),
  );
  for (let i = 0; i + 1 < count; i += 1) hashes.push(hashPair(hashes[2 * i]!, hashes[2 * i + 1]!));
  return { root: hashes.at(-1)!, prove: (places) => prove(hashes, count, places) };
}

/** What is known is taken two and two, as the contract does: with its neighbour when that is known too. */
function prove(hashes: readonly Hash[], count: number, places: readonly number[]): Multiproof {
  const known = places.toSorted((left, right) => left - right);
  const [proof, flags]: [Hash[], boolean[]] = [[], []];
  for (let next = known.shift(); next !== undefined && next < hashes.length - 1; next = known.shift()) {
    const neighbour = next ^ 1;
    const isKnown = known[0] === neighbour;
    if (isKnown) known.shift();
    else proof.push(hashes[neighbour]!);
    flags.push(isKnown);
    known.push(count + (next >> 1));
  }
  return { proof, flags };
}

function hashPair(left: Hash, right: Hash): Hash {
  return keccak256(left < right ? concat([left, right]) : concat([right, left]));
}
