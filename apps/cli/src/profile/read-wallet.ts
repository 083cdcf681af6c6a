import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { readWalletKey, type WalletFiles } from "./read-wallet-key.ts";

/**
 * Reads the wallet's key; it stays in this process, only signatures leave it.
 * @throws {StoaError} `invalid_configuration` without a key file, or when it holds anything but a key
 */
export async function readWallet(files: WalletFiles): Promise<PrivateKeyAccount> {
  return privateKeyToAccount(await readWalletKey(files));
}
