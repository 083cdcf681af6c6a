import { encodeAbiParameters, getAddress, type Hex, parseAbiParameters } from "viem";
import { type Address, StoaError } from "@stoa/protocol";

const fields = parseAbiParameters("uint256, address[]");

/**
 * The condition of the node-signatures verifier: `threshold` of `nodes` must attest the result.
 * @throws {StoaError} `invalid_request` when the threshold cannot be met, or a node is named twice
 */
export function nodeSignaturesCondition({ threshold, nodes }: { threshold: number; nodes: readonly Address[] }): Hex {
  const distinct = [...new Set(nodes.map((node) => getAddress(node)))];
  if (distinct.length !== nodes.length) {
    throw new StoaError(
      "invalid_request",
      `${nodes.length - distinct.length} of ${nodes.length} nodes are named twice`,
    );
  }
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > distinct.length) {
    throw new StoaError("invalid_request", `the threshold must be 1 to ${distinct.length}, got ${threshold}`);
  }
  const ascending = distinct.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return encodeAbiParameters(fields, [BigInt(threshold), ascending]);
}
