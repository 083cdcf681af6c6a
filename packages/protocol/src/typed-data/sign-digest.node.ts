import type { Hash, Signature } from "../ids.ts";
import { nativeCurve } from "./native-curve.ts";
import { signDigest as signAnywhere } from "./sign-digest.ts";

/** Signs a digest, by native code where there is some; elsewhere the same is computed ten times slower. */
export async function signDigest(privateKey: Hash, digest: Hash): Promise<Signature> {
  if (!nativeCurve) return signAnywhere(privateKey, digest);
  const { signature, recid } = nativeCurve.ecdsaSign(
    Buffer.from(digest.slice(2), "hex"),
    Buffer.from(privateKey.slice(2), "hex"),
  );
  return `0x${Buffer.from(signature).toString("hex")}${recid === 0 ? "1b" : "1c"}`;
}
