import { type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { signDigest } from "#sign-digest";
import type { Hash } from "../ids.ts";
import type { Signer } from "./sign.ts";

/**
 * A local account that signs the market's messages by native code where there is some: for programs that sign many,
 * such as the operator and the nodes. Its signatures are those of any other account of the key, byte for byte.
 * @example
 * const operator = signingAccount(`0x${"11".repeat(32)}`);
 * operator.address // "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 */
export function signingAccount(privateKey: Hash): LocalAccount & Signer {
  return { ...privateKeyToAccount(privateKey), signDigest: (digest) => signDigest(privateKey, digest) };
}
