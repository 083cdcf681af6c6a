import { concat, hexToBytes, keccak256, parseAbi, stringToBytes } from "viem";
import type { Address, Hash } from "./ids.ts";

/**
 * Where the contract of anchors stands on every chain: its factory gives it the address of its code. So a verifier
 * asks no one where to look, and an operator cannot keep a second chain of hashes in a second copy.
 */
export const ROUND_ANCHORS_ADDRESS: Address = "0x0C6F3A72cc97DAed958efB9ae63949cA31da5B59";

/** What a verifier reads of the contract, as `contracts/src/interfaces/IRoundAnchors.sol` has it. */
export const roundAnchorsReads = parseAbi([
  "event RoundsAnchored(address indexed operator, bytes32 indexed segment, bytes32 indexed head, bytes32 previous, uint64 position, uint64 previousBlock)",
  "function headOf(address operator, bytes32 segment) view returns (bytes32 head, uint64 position, uint64 blockNumber)",
]);

/** One chain of rounds: an operator's, of one market, for one capability. */
export interface AnchoredSegment {
  operator: Address;
  vault: Address;
  segment: string;
}

/** A segment as the contract of anchors knows it: keccak256 of its market's vault and its name. */
export function segmentHash({ vault, segment }: Pick<AnchoredSegment, "vault" | "segment">): Hash {
  return keccak256(concat([hexToBytes(vault), stringToBytes(segment)]));
}

/** A segment's chain of rounds up to its head, as it stands on chain. */
export interface AnchoredHead {
  /** The outcome hash of the newest round under it. */
  head: Hash;
  /** How many rounds of the segment it ends. */
  position: number;
  /** The head anchored before it; zeros when it is the first. */
  previous: Hash;
  /** The block that anchor stands in; 0 when it is the first. */
  previousBlock: number;
  blockNumber: number;
  txHash: Hash;
}
