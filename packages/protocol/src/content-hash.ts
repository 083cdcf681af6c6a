import canonicalize from "canonicalize";
import { sha256 } from "#sha256";
import type { Hash } from "./ids.ts";
import { StoaError } from "./errors.ts";

/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Writes JSON in its one canonical form (RFC 8785).
 * @throws {StoaError} `invalid_request` for what JSON cannot say (undefined, NaN, bigint)
 * @example
 * canonicalJson({ b: 1, a: [true] }) // '{"a":[true],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new StoaError("invalid_request", "the value has no JSON form");
  return text;
}

/**
 * Holds a hash, or what is bound by one, to what it must be.
 * @param what names it in the error
 * @throws {StoaError} `wrong_hash`
 */
export function requireSameHash(what: string, actual: string, expected: string): void {
  if (actual !== expected) throw new StoaError("wrong_hash", `${what} is ${actual}, expected ${expected}`);
}

/** The content address of bytes: their SHA-256. */
export function hashBytes(bytes: Uint8Array): Hash {
  return sha256(bytes);
}

/** The content address of a JSON value: the SHA-256 of its canonical UTF-8 bytes. */
export function hashJson(value: unknown): Hash {
  return sha256(canonicalJson(value));
}
