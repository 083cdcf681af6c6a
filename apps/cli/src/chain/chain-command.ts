import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { deploy } from "./deploy.ts";
import { status } from "./status.ts";

export function chainCommand(cli: Cli): Command {
  return new Command("chain")
    .description("a market's contracts: deploy them to any EVM chain, see what stands")
    .addCommand(deploy(cli))
    .addCommand(status(cli));
}
