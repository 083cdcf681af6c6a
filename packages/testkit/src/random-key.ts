import { randomBytes } from "node:crypto";
import { type Signer, signingAccount } from "@stoa/protocol";
import type { LocalAccount } from "viem/accounts";

/** A fresh key that signs. */
export function randomKey(): LocalAccount & Signer {
  return signingAccount(`0x${randomBytes(32).toString("hex")}`);
}
