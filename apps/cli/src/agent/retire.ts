import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findAgent } from "./find-agent.ts";

export function retire(cli: Cli): Command {
  return new Command("retire")
    .description("take one of your agent versions off the market")
    .argument("<id|name>", "its id, the id's first digits, or its name")
    .addHelpText("after", "\nExample: stoa agent retire summarize")
    .action((idOrName: string, _options: unknown, self: Command) => run(cli, idOrName, self.optsWithGlobals()));
}

async function run(cli: Cli, idOrName: string, options: GlobalOptions): Promise<void> {
  const { client } = await openMarket(cli, options, "account");
  const { versionId, name, version } = await findAgent(client, idOrName);
  await client.agents.retire(versionId);
  if (cli.json) return cli.terminal.printJson({ versionId, name, version, state: "retired" });
  cli.terminal.print(`${name} ${version} is retired`);
}
