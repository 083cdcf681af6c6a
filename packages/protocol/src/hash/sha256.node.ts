import { hash } from "node:crypto";
import type { Hash } from "../ids.ts";

/** SHA-256 by native code, six times as fast as JavaScript. */
export function sha256(bytes: Uint8Array): Hash {
  return `0x${hash("sha256", bytes, "hex")}`;
}
