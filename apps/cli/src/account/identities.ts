import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { table } from "../terminal/table.ts";

interface Shown {
  what: string;
  name: string;
  since: string;
  id: string;
}

export function identities(cli: Cli): Command {
  return new Command("identities")
    .description("show all that signs in to your account")
    .addHelpText("after", "\nExample: stoa account identities")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "wallet");
  const found = await client.auth.identities();
  if (cli.json) return terminal.printJson(found);
  const { email, hasPassword, hasSecondFactor } = found;
  const factors = `e-mail${hasPassword ? " and password" : ""}${hasSecondFactor ? ", with a second factor" : ""}`;
  const rows: Shown[] = [
    ...(email === null ? [] : [{ what: factors, name: email, since: "", id: "" }]),
    ...found.wallets.map(({ id, kind, address, isMain, linkedAt }) => ({
      what: `${kind} wallet${isMain ? ", the main one" : ""}`,
      name: address,
      since: linkedAt,
      id,
    })),
    ...found.providers.map(({ id, name, subject, linkedAt }) => ({ what: name, name: subject, since: linkedAt, id })),
    ...found.passkeys.map(({ id, name, createdAt }) => ({ what: "passkey", name, since: createdAt, id })),
  ];
  terminal.print(
    table(terminal.out, rows, [
      { title: "signs in by", value: ({ what }) => what },
      { title: "as", value: ({ name }) => name },
      { title: "since", value: ({ since }) => since },
      { title: "id", value: ({ id }) => id },
    ]),
  );
}
