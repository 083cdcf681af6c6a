import { keccak256 as hash } from "viem";

/** Keccak-256 in any JavaScript. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return hash(bytes, "bytes");
}
