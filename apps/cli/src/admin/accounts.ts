import { type Role, roles } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  role?: Role;
  suspended?: boolean;
}

export function accounts(cli: Cli): Command {
  const command = new Command("accounts")
    .description("list accounts, the newest first")
    .addOption(new Option("--role <role>", "only those that have it").choices(roles))
    .option("--suspended", "only suspended ones")
    .addHelpText("after", "\nExample: stoa admin accounts --role admin");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  const { role, suspended } = options;
  const page = await client.admin.accounts({
    ...(role ? { role } : {}),
    ...(suspended ? { suspended } : {}),
    ...pageQuery(options),
  });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0) return terminal.note("No such account.");
  terminal.print(
    table(terminal.out, page.items, [
      { title: "id", value: ({ id }) => id },
      { title: "wallet", value: ({ address }) => address ?? "-" },
      { title: "roles", value: (account) => account.roles.join(" ") },
      { title: "since", value: ({ createdAt }) => createdAt },
      { title: "suspended for", value: ({ suspendedFor }) => suspendedFor ?? "" },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
