import type { Auction, AuctionBids } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { clockTime } from "../terminal/age.ts";
import type { Money } from "../terminal/money.ts";
import { shortId } from "../terminal/short-id.ts";
import { fields, table } from "../terminal/table.ts";
import { findAuction } from "./find-auction.ts";

export function show(cli: Cli): Command {
  return new Command("show")
    .description("show an open auction: who bid what, who leads, and what came of it")
    .argument("<id>", "the auction's id or its task's, or the first digits")
    .addHelpText("after", "\nExample: stoa auction show 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const auctionId = await findAuction(client, id);
  const [auction, bids] = await Promise.all([client.auctions.get(auctionId), client.auctions.bids(auctionId)]);
  if (cli.json) return terminal.printJson({ ...auction, offers: bids });
  const { bold, dim } = terminal.out;
  terminal.print(`${bold(`open auction ${shortId(auction.id)}`)}  ${auction.capability}  ${auction.state}`);
  terminal.print(fields(terminal.out, fieldsOf(auction, money)));
  printOffers(cli, bids, money);
  for (const award of auction.awards ?? []) {
    terminal.print(
      `${dim("award")}  node ${shortId(award.node)} at ${bold(money.format(award.price))}, royalty ${money.bare(award.royalty)} of it`,
    );
  }
  const digits = shortId(auction.id).replace("…", "");
  terminal.print(
    dim(
      auction.state === "open"
        ? `Follow it live: stoa auction watch ${digits}`
        : `Check it yourself: stoa auction verify ${digits}`,
    ),
  );
}

function fieldsOf(auction: Auction, money: Money): [string, string | undefined][] {
  const { lead } = auction;
  return [
    ["id", auction.id],
    ["task", auction.taskId],
    ["reserve", money.format(auction.reserve)],
    ["steps of", money.format(auction.decrement)],
    ["lead", lead ? `${money.format(lead.price)} by ${lead.node}` : "nobody yet"],
    ["opened", auction.openedAt],
    ["ends", auction.state === "open" ? `${auction.endsAt}, with late bids ${auction.hardEndAt} at last` : undefined],
    [
      "closed",
      auction.closedAt === undefined ? undefined : `${auction.closedAt}  ${auction.closeReason?.replaceAll("_", " ")}`,
    ],
    ["nodes asked", String(auction.nodes)],
    ["outcome", auction.outcomeHash],
  ];
}

function printOffers({ terminal }: Cli, { bids, passes, silent }: AuctionBids, money: Money): void {
  if (bids.length > 0) {
    terminal.print(
      table(terminal.out, bids, [
        { title: "#", value: (bid) => String(bid.number), right: true },
        { title: "at", value: (bid) => clockTime(Date.parse(bid.at)) },
        { title: "bid by", value: (bid) => shortId(bid.node) },
        { title: "price", value: (bid) => money.format(bid.price), right: true },
        { title: "promises", value: (bid) => `${bid.promisedSeconds} s`, right: true },
      ]),
    );
  }
  for (const pass of passes) terminal.print(`${shortId(pass.node)} bids no more: ${pass.sentence}`);
  for (const node of silent) terminal.print(`${shortId(node)} has said nothing`);
}
