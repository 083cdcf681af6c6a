import { createRequire } from "node:module";
import { getAddress, keccak256, toHex } from "viem";
import type { Address, Hash, Signature } from "../ids.ts";
import { recoverAddress as recoverAnywhere } from "./recover-address.ts";

/** The one function used of libsecp256k1. */
interface Curve {
  ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array;
}

// Compiled code comes with the package for most platforms; elsewhere the same is computed twenty times slower.
const native = loadNative();

function loadNative(): Curve | undefined {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js") as Curve;
  } catch {
    return undefined;
  }
}

/** Who signed a digest, by native code where there is some. */
export async function recoverAddress(hash: Hash, signature: Signature): Promise<Address> {
  if (!native) return recoverAnywhere(hash, signature);
  const bytes = Buffer.from(signature.slice(2), "hex");
  const key = native.ecdsaRecover(bytes.subarray(0, 64), bytes[64]! - 27, Buffer.from(hash.slice(2), "hex"), false);
  return getAddress(`0x${keccak256(toHex(key.subarray(1))).slice(-40)}`);
}
