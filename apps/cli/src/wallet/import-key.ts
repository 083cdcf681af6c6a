import { resolve } from "node:path";
import { readKeyFile } from "@stoa/host";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { keepKey, type KeepOptions, planWallet } from "./keep-key.ts";

interface Options extends KeepOptions {
  oldPassphraseFile?: string;
}

const HELP = `
The file is left as it is: destroy it when nothing else needs it.

Examples: stoa wallet import wallet.key --wallet-passphrase-file ~/passphrase
          stoa wallet import geth.json --old-passphrase-file ~/old --wallet-passphrase-file ~/passphrase`;

export function importKey(cli: Cli): Command {
  return new Command("import")
    .description("encrypt a key that you have: hex, or the keystore of another wallet")
    .argument("<file>", "the file of the key")
    .option("--old-passphrase-file <file>", "what opens it, when it is a keystore")
    .option("--out <file>", "where to keep it; wallet.json in STOA_HOME unless said otherwise")
    .addHelpText("after", HELP)
    .action((file: string, _options: unknown, self: Command) => run(cli, file, self.optsWithGlobals()));
}

async function run(cli: Cli, file: string, options: Options): Promise<void> {
  const place = await planWallet(cli, options);
  const old = options.oldPassphraseFile;
  const key = await readKeyFile(resolve(cli.cwd, file), old === undefined ? undefined : resolve(cli.cwd, old));
  await keepKey(cli, options, key, place);
}
