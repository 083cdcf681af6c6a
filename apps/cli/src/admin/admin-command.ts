import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { accounts } from "./accounts.ts";
import { announce } from "./announce.ts";
import { audit } from "./audit.ts";
import { deadLetters } from "./dead-letters.ts";
import { maintenance } from "./maintenance.ts";
import { reports } from "./reports.ts";
import { resolve } from "./resolve.ts";
import { retry } from "./retry.ts";
import { roles } from "./roles.ts";
import { set } from "./set.ts";
import { status } from "./status.ts";
import { restore, suspend } from "./suspend.ts";

export function adminCommand(cli: Cli): Command {
  return new Command("admin")
    .description("run the market: for admins, by their wallet or a key with the scope admin")
    .addCommand(status(cli))
    .addCommand(audit(cli))
    .addCommand(accounts(cli))
    .addCommand(roles(cli))
    .addCommand(suspend(cli))
    .addCommand(restore(cli))
    .addCommand(announce(cli))
    .addCommand(maintenance(cli))
    .addCommand(set(cli))
    .addCommand(reports(cli))
    .addCommand(resolve(cli))
    .addCommand(deadLetters(cli))
    .addCommand(retry(cli));
}
