import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import type { Hash } from "@stoa/protocol";

const fields = parseAbiParameters("bytes32, bytes32");

/**
 * The condition of the result-hash verifier: a commitment to the expected result of a task, which does not give its
 * hash away. Its evidence is empty.
 */
export function resultHashCondition({ taskHash, resultHash }: { taskHash: Hash; resultHash: Hash }): Hex {
  return keccak256(encodeAbiParameters(fields, [taskHash, resultHash]));
}
