import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findAuction } from "./find-auction.ts";

export function verify(cli: Cli): Command {
  return new Command("verify")
    .description("check a closed open auction's public record here: signatures, every bid, the end, the outcome")
    .argument("<id>", "the auction's id or its task's, or the first digits")
    .addHelpText("after", "\nExample: stoa auction verify 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "anyone");
  const auctionId = await findAuction(client, id);
  terminal.waiting(`checking auction ${auctionId}`);
  const verification = await client.auctions.verify(auctionId);
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
    if (verification.ok) terminal.print(bold(green(`auction ${auctionId} checks out`)));
  }
  if (failure) throw new StoaError("invalid_record", `${failure.name}: ${failure.detail}`, { details: { auctionId } });
}
