import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { encryptKey, type Key, readPassphrase, writeWhole } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import { privateKeyToAddress } from "viem/accounts";
import type { Cli, GlobalOptions } from "../cli.ts";
import { type ProfileFile, resolveProfile } from "../profile/resolve-profile.ts";
import { fields } from "../terminal/table.ts";

export interface KeepOptions extends GlobalOptions {
  out?: string;
}

/** Where a wallet will be kept, and what encrypts it; nothing is written yet. */
export interface WalletPlace {
  file: string;
  passphraseFile: string;
  passphrase: string;
}

/**
 * Finds out where a wallet goes before its key is made or read, so that nothing is half done.
 * @throws {StoaError} `invalid_configuration` where something stands already, or without a passphrase
 */
export async function planWallet(cli: Cli, options: KeepOptions): Promise<WalletPlace> {
  const { home, walletPassphraseFile } = resolveProfile(options, cli.env, cli.cwd);
  const file = options.out === undefined ? join(home, "wallet.json") : resolve(cli.cwd, options.out);
  if (await exists(file))
    throw new StoaError("invalid_configuration", `${file} is there already; choose another file with --out`);
  if (walletPassphraseFile === null) {
    throw new StoaError(
      "invalid_configuration",
      "the wallet is encrypted with a passphrase: write one into a file and name it with --wallet-passphrase-file",
    );
  }
  const passphrase = await readPassphrase(walletPassphraseFile);
  if (passphrase === "")
    throw new StoaError(
      "invalid_configuration",
      `${walletPassphraseFile} is empty: an empty passphrase protects nothing`,
    );
  return { file, passphraseFile: walletPassphraseFile, passphrase };
}

/** Encrypts a key, keeps it, and makes it the profile's when the home has none yet. */
export async function keepKey(cli: Cli, options: KeepOptions, key: Key, place: WalletPlace): Promise<void> {
  const { terminal } = cli;
  const { file, passphraseFile } = place;
  terminal.waiting("encrypting the key");
  const keystore = await encryptKey(key, place.passphrase);
  await writeWhole(file, `${JSON.stringify(keystore, null, 2)}\n`, 0o600);
  const address = privateKeyToAddress(key);
  const profile = await beginProfile(cli, options, { file, passphraseFile });
  if (cli.json)
    return terminal.printJson({ address, walletKeyFile: file, walletPassphraseFile: passphraseFile, profile });
  terminal.print(
    fields(terminal.out, [
      ["wallet", address],
      ["its key", `${file}  (encrypted; keep a copy of it and of the passphrase: nobody can restore them)`],
      ["profile", profile ?? undefined],
    ]),
  );
  terminal.note(
    terminal.err.dim(
      profile === null
        ? `Use it with STOA_WALLET_KEY_FILE=${file} STOA_WALLET_PASSPHRASE_FILE=${passphraseFile}`
        : `Use it with STOA_HOME=${resolveProfile(options, cli.env, cli.cwd).home}`,
    ),
  );
}

/** Null when the home has a profile: whatever wallet that names is left alone. */
async function beginProfile(
  cli: Cli,
  options: KeepOptions,
  { file, passphraseFile }: { file: string; passphraseFile: string },
): Promise<string | null> {
  const { url, rpcUrl, home } = resolveProfile(options, cli.env, cli.cwd);
  const profileFile = join(home, "profile.json");
  if (await exists(profileFile)) return null;
  const profile: ProfileFile = {
    url,
    ...(rpcUrl === null ? {} : { rpcUrl }),
    walletKeyFile: file,
    walletPassphraseFile: passphraseFile,
  };
  await writeWhole(profileFile, `${JSON.stringify(profile, null, 2)}\n`);
  return profileFile;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
