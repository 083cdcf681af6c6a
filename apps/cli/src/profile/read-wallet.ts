import { readFile } from "node:fs/promises";
import { StoaError } from "@stoa/protocol";
import type { Hex, LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Profile } from "./resolve-profile.ts";

/**
 * Reads the wallet's key; it stays in this process, only signatures leave it.
 * @throws {StoaError} `invalid_configuration` without a key file, or when it holds anything but 32 bytes of hex
 */
export async function readWallet({ walletKeyFile }: Pick<Profile, "walletKeyFile">): Promise<LocalAccount> {
  if (walletKeyFile === null) {
    throw new StoaError(
      "invalid_configuration",
      "this is signed by a wallet, and there is none: set STOA_WALLET_KEY_FILE, or make one with `stoa account create`",
    );
  }
  let text: string;
  try {
    text = (await readFile(walletKeyFile, "utf8")).trim();
  } catch (cause) {
    throw new StoaError("invalid_configuration", `the wallet's key cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  const hex = text.startsWith("0x") ? text : `0x${text}`;
  if (!/^0x[0-9a-fA-F]{64}$/.test(hex)) {
    throw new StoaError(
      "invalid_configuration",
      `${walletKeyFile} must hold a key of 64 hex digits, it has ${text.length} characters of another form`,
    );
  }
  return privateKeyToAccount(hex as Hex);
}
