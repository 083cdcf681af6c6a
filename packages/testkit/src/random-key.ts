import { randomBytes } from "node:crypto";
import { type LocalAccount, privateKeyToAccount } from "viem/accounts";

/** A fresh key that signs. */
export function randomKey(): LocalAccount {
  return privateKeyToAccount(`0x${randomBytes(32).toString("hex")}`);
}
