import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { balance } from "./balance.ts";
import { create } from "./create.ts";
import { email } from "./email.ts";
import { identities } from "./identities.ts";
import { deposit } from "./deposit.ts";
import { keys } from "./keys.ts";
import { serviceAccounts } from "./service-accounts.ts";
import { sessions } from "./sessions.ts";
import { wallets } from "./wallets.ts";
import { withdraw } from "./withdraw.ts";

export function accountCommand(cli: Cli): Command {
  return new Command("account")
    .description("your wallet, your money in the market, your API keys, and what signs in to your account")
    .addCommand(create(cli))
    .addCommand(balance(cli))
    .addCommand(deposit(cli))
    .addCommand(withdraw(cli))
    .addCommand(keys(cli))
    .addCommand(serviceAccounts(cli))
    .addCommand(identities(cli))
    .addCommand(wallets(cli))
    .addCommand(email(cli))
    .addCommand(sessions(cli));
}
