import { type Auction, StoaError } from "@stoa/protocol";
import type { AuctionUpdate } from "@stoa/sdk";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket, type OpenedMarket } from "../profile/open-market.ts";
import { createNarration, type Narration } from "../task/narration.ts";
import { shortId } from "../terminal/short-id.ts";
import { findAuction } from "./find-auction.ts";
import { tellAuction } from "./tell-auction.ts";

const GIVE_UP_AFTER_MS = 60_000;

export function watch(cli: Cli): Command {
  return new Command("watch")
    .description("follow an open auction live until it closes; with --json, one line per update")
    .argument("<id>", "the auction's id or its task's, or the first digits")
    .addHelpText("after", "\nExample: stoa auction watch 0x1a2b3c4d")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { terminal, abort } = cli;
  const market = await openMarket(cli, options, "anyone");
  const auctionId = await findAuction(market.client, id);
  const narration = createNarration(cli, market);
  let last: Auction | null = null;
  try {
    const updates = market.client.auctions.watch(auctionId, { signal: abort.signal, giveUpAfterMs: GIVE_UP_AFTER_MS });
    for await (const update of updates) {
      if (cli.json) terminal.printJsonLine(update);
      else await tell(narration, market, update);
      if (update.kind === "auction") last = update.auction;
    }
  } finally {
    terminal.end();
  }
  if (!last) throw new StoaError("server_unavailable", `nothing was heard of auction ${auctionId}`);
  if (cli.json || last.state === "open") return;
  const [award] = last.awards ?? [];
  const { bold } = terminal.out;
  terminal.print(award ? `${award.node} at ${bold(market.money.format(award.price))}` : "nobody got the task");
}

async function tell(narration: Narration, market: OpenedMarket, update: AuctionUpdate): Promise<void> {
  if (update.kind === "event") return tellAuction(narration, update.event);
  const { auction } = update;
  if (narration.once("standing")) {
    const { money } = market;
    narration.say("auction", `${shortId(auction.id)} for ${auction.capability}, ${auction.state}`, auction.openedAt);
    narration.add(
      `${auction.nodes} nodes, from ${money.format(auction.reserve)} in steps of ${money.bare(auction.decrement)}`,
    );
    const { bids } = await market.client.auctions.bids(auction.id);
    for (const { number, node, price, at } of bids) {
      const data = { auctionId: auction.id, taskId: auction.taskId, number, node, price };
      await tellAuction(narration, { type: "auction.bid", at: Date.parse(at), data });
    }
  }
  if (auction.state === "open") narration.terminal.waiting("waiting for bids");
}
