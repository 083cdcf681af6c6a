import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { post } from "./post.ts";
import { show } from "./show.ts";
import { withdraw } from "./withdraw.ts";

export function bondCommand(cli: Cli): Command {
  return new Command("bond")
    .description("what stands behind a market operator's word that an order is covered, on chain")
    .addCommand(post(cli))
    .addCommand(withdraw(cli))
    .addCommand(show(cli));
}
