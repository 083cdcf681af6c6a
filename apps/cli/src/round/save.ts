import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findRound } from "./find-round.ts";

export function save(cli: Cli): Command {
  return new Command("save")
    .description("print a closed round's public record with its re-awards, to be kept and checked without the market")
    .argument("<id>", "the round's id, or its first digits")
    .addHelpText("after", "\nExample: stoa round save 0x1a2b3c4d > round.json && stoa round verify round.json")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { client } = await openMarket(cli, options, "anyone");
  const roundId = await findRound(client, id);
  // As the market answers it, checked by nobody yet: what is kept must be what was said.
  cli.terminal.printJson(await client.rounds.record(roundId));
}
