import { createRequire } from "node:module";

/** What is used of libsecp256k1. */
export interface Curve {
  ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array;
  /** Deterministic by RFC 6979, with the lower of the two possible s. */
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { signature: Uint8Array; recid: number };
}

/** libsecp256k1 as compiled code, which comes with the package for most platforms; undefined elsewhere. */
export const nativeCurve = load();

function load(): Curve | undefined {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js") as Curve;
  } catch {
    return undefined;
  }
}
