import { type Role, roles as known, StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findAccount } from "./find-account.ts";

interface Options extends GlobalOptions {
  reason: string;
}

export function roles(cli: Cli): Command {
  return new Command("roles")
    .description("give an account its roles; its sessions end")
    .argument("<account>", "its id or wallet")
    .argument("<roles>", `separated by commas: ${known.join(", ")}`)
    .requiredOption("--reason <text>", "why, for the audit log")
    .addHelpText("after", '\nExample: stoa admin roles 0x3C44… user,arbitrator --reason "passed the review"')
    .action((account: string, list: string, _options: unknown, self: Command) =>
      run(cli, { account, list }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { account: string; list: string }, options: Options): Promise<void> {
  const wanted = given.list.split(",").map((role) => role.trim());
  const stray = wanted.find((role) => !(known as readonly string[]).includes(role));
  if (stray !== undefined)
    throw new StoaError("invalid_request", `there is no role ${stray}, expected some of ${known.join(", ")}`);
  const { client } = await openMarket(cli, options, "account");
  const { id } = await findAccount(client, given.account);
  const account = await client.admin.setRoles(id, { roles: wanted as Role[], reason: options.reason });
  if (cli.json) return cli.terminal.printJson(account);
  cli.terminal.print(`${account.address ?? account.id} is ${account.roles.join(", ")}`);
}
