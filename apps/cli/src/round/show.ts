import type { Round, RoundBids } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import type { Money } from "../terminal/money.ts";
import { shortId } from "../terminal/short-id.ts";
import { fields, table } from "../terminal/table.ts";
import { findRound } from "./find-round.ts";

export function show(cli: Cli): Command {
  return new Command("show")
    .description("show a round; a closed one with its bids and awards")
    .argument("<id>", "the round's id, or its first digits")
    .addHelpText("after", "\nExample: stoa round show 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const round = await client.rounds.get(await findRound(client, id));
  const bids = round.state === "closed" ? await client.rounds.bids(round.id) : null;
  if (cli.json) return terminal.printJson({ ...round, bids });
  const { bold, dim } = terminal.out;
  terminal.print(`${bold(`round ${shortId(round.id)}`)}  ${round.capability}  ${round.state}`);
  terminal.print(
    fields(terminal.out, [
      ["id", round.id],
      ["opened", round.openedAt],
      ["closed", round.closedAt === undefined ? undefined : `${round.closedAt}  ${round.closeReason ?? ""}`],
      ["tasks", String(round.tasks)],
      ["nodes asked", String(round.nodes)],
      ["outcome", round.outcomeHash],
      ["anchor", anchorText(round.anchor)],
    ]),
  );
  if (!bids) return terminal.print(dim("Bids are sealed until the round closes."));
  printAnswers(cli, bids, money);
  for (const award of round.awards ?? []) {
    terminal.print(
      `${dim("award")}  task ${shortId(award.taskId)} → node ${shortId(award.node)} at ${bold(money.format(award.price))}, royalty ${money.bare(award.royalty)} of it`,
    );
  }
  terminal.print(dim(`Check it yourself: stoa round verify ${shortId(round.id).replace("…", "")}`));
}

function anchorText(anchor: Round["anchor"]): string | undefined {
  if (!anchor) return undefined;
  const { position, blockNumber, txHash } = anchor;
  return `block ${blockNumber} by ${txHash}, with the first ${position} rounds`;
}

function printAnswers({ terminal }: Cli, { bids, passes, silent }: RoundBids, money: Money): void {
  if (bids.length > 0) {
    terminal.print(
      table(terminal.out, bids, [
        { title: "bid by", value: (bid) => shortId(bid.node) },
        { title: "task", value: (bid) => shortId(bid.taskId) },
        { title: "ask", value: (bid) => money.format(bid.ask), right: true },
        { title: "promises", value: (bid) => `${bid.promisedSeconds} s`, right: true },
      ]),
    );
  }
  for (const pass of passes)
    terminal.print(`${shortId(pass.node)} passed on ${shortId(pass.taskId)}: ${pass.sentence}`);
  for (const node of silent) terminal.print(`${shortId(node)} did not answer in time`);
}
