import { type Key, readKeyFile } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import type { Profile } from "./resolve-profile.ts";

/** Where a wallet's key is, and what opens it. */
export type WalletFiles = Pick<Profile, "walletKeyFile"> & Partial<Pick<Profile, "walletPassphraseFile">>;

/**
 * Reads the wallet's key itself.
 * @throws {StoaError} `invalid_configuration` without a key file, or when it holds anything but a key
 */
export async function readWalletKey({ walletKeyFile, walletPassphraseFile }: WalletFiles): Promise<Key> {
  if (walletKeyFile === null) {
    throw new StoaError(
      "invalid_configuration",
      "this is signed by a wallet, and there is none: set STOA_WALLET_KEY_FILE, or make one with `stoa wallet create`",
    );
  }
  return readKeyFile(walletKeyFile, walletPassphraseFile ?? undefined);
}
