import type { AuctionState } from "@stoa/protocol";
import { Command, Option } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { age } from "../terminal/age.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  capability?: string;
  state?: AuctionState;
}

export function list(cli: Cli): Command {
  const command = new Command("list")
    .description("list open auctions, the newest first")
    .option("--capability <name>", "only auctions for it")
    .addOption(new Option("--state <state>", "only open or closed ones").choices(["open", "closed"]))
    .addHelpText("after", "\nExample: stoa auction list --state open");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const { capability, state } = options;
  const page = await client.auctions.list({
    ...(capability === undefined ? {} : { capability }),
    ...(state === undefined ? {} : { state }),
    ...pageQuery(options),
  });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0) {
    return terminal.note(
      state === "open"
        ? "No auction is open now; those that were: stoa auction list"
        : "No open auctions yet: a task asks for one with stoa task submit … --auction open",
    );
  }
  const now = Date.now();
  terminal.print(
    table(terminal.out, page.items, [
      { title: "auction", value: (auction) => shortId(auction.id) },
      { title: "for", value: (auction) => auction.capability },
      { title: "state", value: (auction) => auction.closeReason?.replaceAll("_", " ") ?? auction.state },
      { title: "bids", value: (auction) => String(auction.bids), right: true },
      { title: "reserve", value: (auction) => money.format(auction.reserve), right: true },
      { title: "lead", value: (auction) => (auction.lead ? money.format(auction.lead.price) : "–"), right: true },
      { title: "opened", value: (auction) => `${age(auction.openedAt, now)} ago` },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
