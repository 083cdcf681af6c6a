import { readPassphrase } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";

interface Options extends GlobalOptions {
  passwordFile?: string;
  confirm?: string;
}

export function email(cli: Cli): Command {
  return new Command("email")
    .description("have your account sign in by an e-mail address and a password too")
    .argument("[address]", "the address; a link is mailed to it")
    .option("--password-file <file>", "file of the password; the account's own when it has one")
    .option("--confirm <token>", "what stands after the # of the mailed link")
    .addHelpText(
      "after",
      "\nExample: stoa account email ada@example.org --password-file secret.txt\n         stoa account email --confirm <token>",
    )
    .action((address: string | undefined, _options: unknown, self: Command) =>
      run(cli, address, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, address: string | undefined, options: Options): Promise<void> {
  const { terminal } = cli;
  const { confirm, passwordFile } = options;
  if ((address === undefined) === (confirm === undefined))
    throw new StoaError("invalid_request", "expected either an address with --password-file, or --confirm");
  if (confirm !== undefined) {
    const { client } = await openMarket(cli, options, "anyone");
    await client.auth.confirmEmail(confirm);
    return cli.json ? terminal.printJson({ confirmed: true }) : terminal.print("the address signs in from now on");
  }
  if (address === undefined || passwordFile === undefined)
    throw new StoaError("invalid_request", "the password is read from a file: give --password-file");
  const { client } = await openMarket(cli, options, "wallet");
  const sent = await client.auth.joinEmail({ email: address, password: await readPassphrase(passwordFile) });
  if (cli.json) return terminal.printJson(sent);
  terminal.print(`a link is on its way to ${address}; open it until ${sent.expiresAt}`);
}
