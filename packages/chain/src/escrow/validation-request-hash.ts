import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import type { Attestation, Hash } from "@stoa/protocol";

const fields = parseAbiParameters("uint256, address, uint256, bytes32, bytes32, bytes32");

/**
 * The hash to request a validation of an escrow's result under. The salt is the evidence of the validator-answer
 * verifier: whoever takes a request's hash in the registry first stops nobody from asking under another salt.
 */
export function validationRequestHash({
  chainId,
  escrow,
  escrowId,
  taskHash,
  resultHash,
  salt,
}: Attestation & { chainId: number; salt: Hash }): Hash {
  return keccak256(encodeAbiParameters(fields, [BigInt(chainId), escrow, escrowId, taskHash, resultHash, salt]));
}
