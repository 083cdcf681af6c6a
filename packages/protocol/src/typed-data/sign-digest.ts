import { sign } from "viem/accounts";
import type { Hash, Signature } from "../ids.ts";

/** Signs a digest, in any JavaScript: r, s and v, deterministic by RFC 6979, with the lower s. */
export function signDigest(privateKey: Hash, digest: Hash): Promise<Signature> {
  return sign({ hash: digest, privateKey, to: "hex" });
}
