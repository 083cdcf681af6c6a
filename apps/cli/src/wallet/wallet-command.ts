import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { create } from "./create.ts";
import { deposit } from "./deposit.ts";
import { importKey } from "./import-key.ts";
import { show } from "./show.ts";
import { withdraw } from "./withdraw.ts";

export function walletCommand(cli: Cli): Command {
  return new Command("wallet")
    .description("your wallet's key, encrypted with a passphrase, and its money in the vault")
    .addCommand(create(cli))
    .addCommand(importKey(cli))
    .addCommand(show(cli))
    .addCommand(deposit(cli))
    .addCommand(withdraw(cli));
}
