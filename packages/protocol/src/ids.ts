import { getAddress, isAddress } from "viem";
import type { Brand } from "./brand.ts";
import { StoaError } from "./errors.ts";

/** 32 bytes as 0x-prefixed lower-case hex. */
export type Hash = `0x${string}`;
/** An EVM address in checksummed form. */
export type Address = `0x${string}`;
/** A signature as 0x-prefixed hex, 65 bytes for a key's own. */
export type Signature = `0x${string}`;

/** A task's id is the EIP-712 hash of the order it was opened with. */
export type TaskId = Brand<Hash, "TaskId">;
/** A round's id is the SHA-256 of its canonical opening message. */
export type RoundId = Brand<Hash, "RoundId">;
/** An agent version's id is the SHA-256 of its canonical manifest, which names its artifact by hash. */
export type AgentVersionId = Brand<Hash, "AgentVersionId">;
/** A node's id is the address of its own key. */
export type NodeId = Brand<Address, "NodeId">;

/** Stands where a hash is asked for and there is none. */
export const ZERO_HASH: Hash = `0x${"00".repeat(32)}`;

const HASH = /^0x[0-9a-f]{64}$/;

/**
 * Reads 32 bytes of 0x-prefixed hex.
 * @throws {StoaError} `malformed_id` when the text is anything else.
 */
export function parseHash(text: string, what = "hash"): Hash {
  const lower = text.toLowerCase();
  if (!HASH.test(lower)) {
    throw new StoaError("malformed_id", `${what} must be 0x and 64 hex digits, got ${JSON.stringify(text)}`);
  }
  return lower as Hash;
}

/**
 * Reads an EVM address in any case and returns it checksummed.
 * @throws {StoaError} `malformed_id` when the text is not an address.
 */
export function parseAddress(text: string, what = "address"): Address {
  if (!isAddress(text, { strict: false })) {
    throw new StoaError("malformed_id", `${what} must be an EVM address, got ${JSON.stringify(text)}`);
  }
  return getAddress(text);
}
