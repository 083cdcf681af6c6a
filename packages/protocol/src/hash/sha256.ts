import { sha256 as hash } from "viem";
import type { Hash } from "../ids.ts";

/** SHA-256 in any JavaScript. */
export function sha256(bytes: Uint8Array): Hash {
  return hash(bytes);
}
