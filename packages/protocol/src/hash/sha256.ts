import { sha256 as hash, stringToBytes } from "viem";
import type { Hash } from "../ids.ts";

/** SHA-256 of bytes, or of a text in UTF-8, in any JavaScript. */
export function sha256(data: Uint8Array | string): Hash {
  return hash(typeof data === "string" ? stringToBytes(data) : data);
}
