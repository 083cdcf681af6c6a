import { StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { Argument, Command } from "commander";
import { findAgent } from "../agent/find-agent.ts";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findAccount } from "./find-account.ts";

interface Options extends GlobalOptions {
  reason: string;
}

type Verb = "suspend" | "restore";
type Acts = Record<Verb, (client: StoaClient, id: string, reason: string) => Promise<unknown>>;

const acts: Record<string, Acts> = {
  account: {
    suspend: async (client, id, reason) => client.admin.suspendAccount((await findAccount(client, id)).id, reason),
    restore: async (client, id, reason) => client.admin.restoreAccount((await findAccount(client, id)).id, reason),
  },
  agent: {
    suspend: async (client, id, reason) => client.admin.suspendAgent((await findAgent(client, id)).versionId, reason),
    restore: async (client, id, reason) => client.admin.restoreAgent(id, reason),
  },
  node: {
    suspend: (client, id, reason) => client.admin.suspendNode(id, reason),
    restore: (client, id, reason) => client.admin.restoreNode(id, reason),
  },
};

/** What suspending does, and restoring undoes. */
export function suspend(cli: Cli): Command {
  return verbOf(cli, "suspend", "keep an account, an agent or a node out of the market, with a reason they are told");
}

export function restore(cli: Cli): Command {
  return verbOf(cli, "restore", "let what was suspended take part again");
}

function verbOf(cli: Cli, verb: Verb, description: string): Command {
  return new Command(verb)
    .description(description)
    .addArgument(new Argument("<kind>", "what it is").choices(Object.keys(acts)))
    .argument("<id>", "an account's id or wallet, an agent version's id, a node's address")
    .requiredOption("--reason <text>", "why")
    .addHelpText("after", `\nExample: stoa admin ${verb} node 0x70997970… --reason "under review"`)
    .action((kind: string, id: string, _options: unknown, self: Command) =>
      run(cli, { verb, kind, id }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, { verb, kind, id }: { verb: Verb; kind: string; id: string }, options: Options) {
  const act = acts[kind];
  if (!act) throw new StoaError("invalid_request", `there is nothing called ${kind} to ${verb}`);
  const { client } = await openMarket(cli, options, "account");
  const now = await act[verb](client, id, options.reason);
  if (cli.json) return cli.terminal.printJson(now);
  cli.terminal.print(`the ${kind} ${id} is ${verb === "suspend" ? "suspended" : "restored"}`);
}
