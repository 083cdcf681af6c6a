import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { buy } from "./buy.ts";
import { list } from "./list.ts";
import { refund } from "./refund.ts";
import { release } from "./release.ts";
import { show } from "./show.ts";
import { unlist } from "./unlist.ts";
import { withdraw } from "./withdraw.ts";

export function entitlementCommand(cli: Cli): Command {
  return new Command("entitlement")
    .description("sell and buy access to agents, by their numbers on chain")
    .addCommand(list(cli))
    .addCommand(unlist(cli))
    .addCommand(buy(cli))
    .addCommand(refund(cli))
    .addCommand(show(cli))
    .addCommand(release(cli))
    .addCommand(withdraw(cli));
}
