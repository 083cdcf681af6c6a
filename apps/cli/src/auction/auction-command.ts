import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { list } from "./list.ts";
import { show } from "./show.ts";
import { verify } from "./verify.ts";
import { watch } from "./watch.ts";

const ABOUT = `
An open auction is over one task whose requester asked for it: stoa task submit … --auction open
Its bids are public at once and only fall; the task goes to the lowest at its own price. Sealed auctions are rounds.`;

export function auctionCommand(cli: Cli): Command {
  return new Command("auction")
    .description("look at open descending auctions, live, and check them yourself")
    .addCommand(list(cli))
    .addCommand(show(cli))
    .addCommand(watch(cli))
    .addCommand(verify(cli))
    .addHelpText("after", ABOUT);
}
