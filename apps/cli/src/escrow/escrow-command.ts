import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { deliver } from "./deliver.ts";
import { fund } from "./fund.ts";
import { list } from "./list.ts";
import { refund } from "./refund.ts";
import { release } from "./release.ts";
import { show } from "./show.ts";
import { withdraw } from "./withdraw.ts";

export function escrowCommand(cli: Cli): Command {
  return new Command("escrow")
    .description("money set aside on chain for one large task")
    .addCommand(fund(cli))
    .addCommand(deliver(cli))
    .addCommand(release(cli))
    .addCommand(refund(cli))
    .addCommand(withdraw(cli))
    .addCommand(show(cli))
    .addCommand(list(cli));
}
