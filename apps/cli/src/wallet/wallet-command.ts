import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { create } from "./create.ts";
import { importKey } from "./import-key.ts";
import { show } from "./show.ts";

export function walletCommand(cli: Cli): Command {
  return new Command("wallet")
    .description("your wallet's key, encrypted with a passphrase")
    .addCommand(create(cli))
    .addCommand(importKey(cli))
    .addCommand(show(cli));
}
