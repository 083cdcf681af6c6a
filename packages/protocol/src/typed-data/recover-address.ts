import { recoverAddress as recover } from "viem";
import type { Address, Hash, Signature } from "../ids.ts";

/** Who signed a digest, in any JavaScript. */
export function recoverAddress(hash: Hash, signature: Signature): Promise<Address> {
  return recover({ hash, signature });
}
