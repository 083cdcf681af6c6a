import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { balance } from "./balance.ts";
import { create } from "./create.ts";
import { deposit } from "./deposit.ts";
import { keys } from "./keys.ts";
import { withdraw } from "./withdraw.ts";

export function accountCommand(cli: Cli): Command {
  return new Command("account")
    .description("your wallet, your money in the market, your API keys")
    .addCommand(create(cli))
    .addCommand(balance(cli))
    .addCommand(deposit(cli))
    .addCommand(withdraw(cli))
    .addCommand(keys(cli));
}
