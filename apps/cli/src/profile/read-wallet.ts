import { readKeyFile } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Profile } from "./resolve-profile.ts";

/**
 * Reads the wallet's key; it stays in this process, only signatures leave it.
 * @throws {StoaError} `invalid_configuration` without a key file, or when it holds anything but a key
 */
export async function readWallet({
  walletKeyFile,
  walletPassphraseFile,
}: Pick<Profile, "walletKeyFile"> & Partial<Pick<Profile, "walletPassphraseFile">>): Promise<LocalAccount> {
  if (walletKeyFile === null) {
    throw new StoaError(
      "invalid_configuration",
      "this is signed by a wallet, and there is none: set STOA_WALLET_KEY_FILE, or make one with `stoa wallet create`",
    );
  }
  return privateKeyToAccount(await readKeyFile(walletKeyFile, walletPassphraseFile ?? undefined));
}
