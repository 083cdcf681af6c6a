import { bytesToHex } from "viem";
import { keccak256 } from "#keccak256";
import { checksumAddress } from "../checksum-address.ts";
import type { Address, Hash, Signature } from "../ids.ts";
import { nativeCurve } from "./native-curve.ts";
import { recoverAddress as recoverAnywhere } from "./recover-address.ts";

/** Who signed a digest, by native code where there is some; elsewhere the same is computed twenty times slower. */
export async function recoverAddress(hash: Hash, signature: Signature): Promise<Address> {
  if (!nativeCurve) return recoverAnywhere(hash, signature);
  const bytes = Buffer.from(signature.slice(2), "hex");
  const digest = Buffer.from(hash.slice(2), "hex");
  const key = nativeCurve.ecdsaRecover(bytes.subarray(0, 64), bytes[64]! - 27, digest, false);
  return checksumAddress(bytesToHex(keccak256(key.subarray(1)).subarray(-20)));
}
