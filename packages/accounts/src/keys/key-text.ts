import { createHash, randomBytes } from "node:crypto";

/** What every key starts with, so that scanners of leaked secrets can tell it. */
export const KEY_PREFIX = "stoa_";
const SHOWN = KEY_PREFIX.length + 4;

/** A new key's text: 256 bits from the system's source. */
export function newKeyText(): string {
  return KEY_PREFIX + randomBytes(32).toString("base64url");
}

/** A key's first characters, to tell keys apart in a list. */
export function startOf(key: string): string {
  return key.slice(0, SHOWN);
}

/** What is kept of a key. A plain hash is enough: the key is random, not chosen. */
export function keyHash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
