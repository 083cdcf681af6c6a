import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions {
  create?: string;
  delete?: string;
}

export function serviceAccounts(cli: Cli): Command {
  return new Command("service-accounts")
    .description("show, make and delete service accounts: programs that act for you by keys of their own")
    .option("--create <name>", "make one; then: stoa account keys --create <name> --service <id>")
    .option("--delete <id>", "delete one, and its keys with it")
    .addHelpText("after", "\nExample: stoa account service-accounts --create nightly")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { create, delete: gone } = options;
  if (create !== undefined && gone !== undefined)
    throw new StoaError("invalid_request", "expected either --create or --delete");
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "wallet");
  if (create !== undefined) {
    const made = await client.auth.createServiceAccount(create);
    return cli.json ? terminal.printJson(made) : terminal.print(made.id);
  }
  if (gone !== undefined) {
    await client.auth.deleteServiceAccount(gone);
    return cli.json
      ? terminal.printJson({ id: gone, deleted: true })
      : terminal.print(`service account ${gone} is deleted, and its keys with it`);
  }
  const items = await client.auth.listServiceAccounts();
  if (cli.json) return terminal.printJson({ items });
  if (items.length === 0)
    return terminal.note("No service accounts. Make one: stoa account service-accounts --create <name>");
  terminal.print(
    table(terminal.out, items, [
      { title: "name", value: ({ name }) => name },
      { title: "made", value: ({ createdAt }) => createdAt },
      { title: "id", value: ({ id }) => id },
    ]),
  );
}
