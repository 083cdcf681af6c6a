import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { deploy } from "./deploy.ts";
import { gas } from "./gas.ts";
import { status } from "./status.ts";
import { sync } from "./sync.ts";

export function chainCommand(cli: Cli): Command {
  return new Command("chain")
    .description("a market's contracts: deploy them to any EVM chain, see what stands, and how far it is read")
    .addCommand(deploy(cli))
    .addCommand(status(cli))
    .addCommand(sync(cli))
    .addCommand(gas(cli));
}
