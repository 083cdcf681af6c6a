import { stat } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import type { Cli, GlobalOptions } from "../cli.ts";
import { type ProfileFile, resolveProfile } from "../profile/resolve-profile.ts";
import { fields } from "../terminal/table.ts";

export function create(cli: Cli): Command {
  return new Command("create")
    .description("make a wallet and a profile of your own in STOA_HOME")
    .addHelpText("after", "\nExample: stoa account create --home ~/.stoa --url http://127.0.0.1:8080")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { url, rpcUrl, home } = resolveProfile(options, cli.env, cli.cwd);
  const walletFile = join(home, "wallet.key");
  const profileFile = join(home, "profile.json");
  for (const path of [walletFile, profileFile]) await requireAbsent(path);
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  const profile: ProfileFile = { url, ...(rpcUrl === null ? {} : { rpcUrl }), walletKeyFile: "wallet.key" };
  await writeWhole(walletFile, `${key}\n`, 0o600);
  await writeWhole(profileFile, `${JSON.stringify(profile, null, 2)}\n`);
  if (cli.json) return terminal.printJson({ address, walletKeyFile: walletFile, profile: profileFile, url });
  terminal.print(
    fields(terminal.out, [
      ["wallet", address],
      ["its key", `${walletFile}  (only you can read it; keep a copy: nobody can restore it)`],
      ["profile", profileFile],
      ["market", url],
    ]),
  );
  terminal.note(terminal.err.dim(`Use it with STOA_HOME=${home}, and bring money in: stoa account deposit 5`));
}

async function requireAbsent(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new StoaError("invalid_configuration", `${path} is there already; choose another folder with --home`);
}
