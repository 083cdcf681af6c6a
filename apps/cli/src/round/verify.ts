import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findRound } from "./find-round.ts";

interface Options extends GlobalOptions {
  payments: boolean;
}

export function verify(cli: Cli): Command {
  return new Command("verify")
    .description("check a closed round's public record here: signatures, outcome, prices, payments")
    .argument("<id>", "the round's id, or its first digits")
    .option("--payments", "clear again without each winner to check the payments too", true)
    .option("--no-payments", "leave that out: quicker for large rounds")
    .addHelpText("after", "\nExample: stoa round verify 0x1a2b3c4d --payments")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "anyone");
  const roundId = await findRound(client, id);
  terminal.waiting(`checking round ${roundId}`);
  const verification = await client.rounds.verify(roundId, { payments: options.payments });
  if (cli.json) terminal.printJson(verification);
  const reports = [verification.record, ...verification.supplements];
  const failure = reports.find(({ ok }) => !ok)?.firstFailure;
  if (!cli.json) {
    const { green, red, bold, dim } = terminal.out;
    for (const [at, { checks }] of reports.entries()) {
      if (at > 0) terminal.print(dim(`re-award ${at}`));
      for (const { name, ok, detail } of checks)
        terminal.print(`${ok ? green("✓") : red("✗")} ${name.padEnd(12)} ${dim(detail)}`);
    }
    if (verification.ok) terminal.print(bold(green(`round ${roundId} checks out`)));
  }
  if (failure) throw new StoaError("invalid_record", `${failure.name}: ${failure.detail}`, { details: { roundId } });
}
