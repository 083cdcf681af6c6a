import { Command } from "commander";
import { generatePrivateKey } from "viem/accounts";
import type { Cli } from "../cli.ts";
import { keepKey, type KeepOptions, planWallet } from "./keep-key.ts";

const HELP = `
The key is kept as a keystore of version 3, as other wallets read it. A home without a profile gets one that names it.

Example: stoa wallet create --wallet-passphrase-file ~/passphrase`;

export function create(cli: Cli): Command {
  return new Command("create")
    .description("make a wallet whose key is encrypted")
    .option("--out <file>", "where to keep it; wallet.json in STOA_HOME unless said otherwise")
    .addHelpText("after", HELP)
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: KeepOptions): Promise<void> {
  const place = await planWallet(cli, options);
  await keepKey(cli, options, generatePrivateKey(), place);
}
