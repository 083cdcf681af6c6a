import { randomBytes } from "node:crypto";
import { bytesToHex, encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import { type Choice, sideNumber } from "./sides.ts";

/** A vote, and the salt that keeps it secret until it is revealed: keep both, without them the seat is lost. */
export interface Vote {
  disputeId: bigint;
  round: number;
  voter: Address;
  choice: Choice;
  salt: Hash;
}

const fields = parseAbiParameters("uint256, uint256, address, uint8, bytes32");

/**
 * What a voter commits to. It names the dispute, the round and the voter, so that nobody can copy it.
 * @example
 * const vote = { disputeId, round: 0, voter: sender.address, choice: "opener", salt: voteSalt() };
 * await commitVote(sender, { court, disputeId, commitment: voteCommitment(vote) });
 */
export function voteCommitment({ disputeId, round, voter, choice, salt }: Vote): Hash {
  return keccak256(encodeAbiParameters(fields, [disputeId, BigInt(round), voter, sideNumber(choice), salt]));
}

/** A salt nobody can guess. */
export function voteSalt(): Hash {
  return bytesToHex(randomBytes(32));
}
