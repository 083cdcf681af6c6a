import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { close } from "./close.ts";
import { open } from "./open.ts";
import { pay } from "./pay.ts";
import { redeem } from "./redeem.ts";
import { show } from "./show.ts";
import { topUp } from "./top-up.ts";
import { withdraw } from "./withdraw.ts";

export function channelCommand(cli: Cli): Command {
  return new Command("channel")
    .description("pay one payee many times off chain, by signed vouchers")
    .addCommand(open(cli))
    .addCommand(topUp(cli))
    .addCommand(pay(cli))
    .addCommand(redeem(cli))
    .addCommand(close(cli))
    .addCommand(withdraw(cli))
    .addCommand(show(cli));
}
