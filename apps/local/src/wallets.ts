import { localAccount } from "@stoa/chain";
import { writeWhole } from "@stoa/host";
import type { LocalAccount } from "viem";

/**
 * Who takes part in a local market. Each is one of the local chain's funded development accounts, whose keys are
 * public: worth nothing anywhere else.
 */
export const wallets = {
  operator: localAccount(0),
  arbiter: localAccount(1),
  treasury: localAccount(2),
  creator: localAccount(3),
  requester: localAccount(4),
  providers: [localAccount(5), localAccount(6), localAccount(7)],
};

/** A development account's private key. */
export function privateKeyOf(account: ReturnType<typeof localAccount>): `0x${string}` {
  const key = account.getHdKey().privateKey;
  if (!key) throw new TypeError("a development account has no private key");
  return `0x${Buffer.from(key).toString("hex")}`;
}

/** Writes a development account's key where another process reads it. */
export async function writeWallet(file: string, account: ReturnType<typeof localAccount>): Promise<LocalAccount> {
  await writeWhole(file, `${privateKeyOf(account)}\n`, 0o600);
  return account;
}
