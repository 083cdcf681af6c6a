import { type LinkedWallet, StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { readWallet } from "../profile/read-wallet.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions {
  link?: string;
  linkPassphraseFile?: string;
  unlink?: string;
  main?: string;
}

export function wallets(cli: Cli): Command {
  return new Command("wallets")
    .description("show, link and unlink the wallets that sign in to your account")
    .option("--link <key-file>", "link the wallet whose key the file holds")
    .option("--link-passphrase-file <file>", "what opens that key, when encrypted")
    .option("--unlink <id>", "unlink a wallet")
    .option("--main <id>", "make a wallet the one whose money your account moves")
    .addHelpText("after", "\nExample: stoa account wallets --link second.key")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { link, unlink, main, linkPassphraseFile: walletPassphraseFile = null } = options;
  if ([link, unlink, main].filter((one) => one !== undefined).length > 1)
    throw new StoaError("invalid_request", "expected one of --link, --unlink and --main");
  const { client } = await openMarket(cli, options, "wallet");
  if (link !== undefined) await client.auth.linkWallet(await readWallet({ walletKeyFile: link, walletPassphraseFile }));
  if (unlink !== undefined) await client.auth.unlinkWallet(unlink);
  if (main !== undefined) await client.auth.chooseMainWallet(main);
  print(cli, (await client.auth.identities()).wallets);
}

function print({ terminal, json }: Cli, items: LinkedWallet[]): void {
  if (json) return terminal.printJson({ items });
  terminal.print(
    table(terminal.out, items, [
      { title: "kind", value: ({ kind }) => kind },
      { title: "address", value: ({ address }) => address },
      { title: "", value: ({ isMain }) => (isMain ? "main" : "") },
      { title: "linked", value: ({ linkedAt }) => linkedAt },
      { title: "id", value: ({ id }) => id },
    ]),
  );
}
