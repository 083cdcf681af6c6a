import type { Hash } from "@stoa/protocol";
import { keccak256, stringToBytes } from "viem";

/**
 * What a credential's status stands under on chain: the hash of what its issuer signed. The signature is left out, for
 * each has a mirror image that verifies as well and would hash to something nobody revoked.
 * @param jwt the credential as a compact JWT
 */
export function credentialHash(jwt: string): Hash {
  return keccak256(stringToBytes(jwt.slice(0, jwt.lastIndexOf("."))));
}
