import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { add } from "./add.ts";
import { remove } from "./remove.ts";
import { show } from "./show.ts";

export function stakeCommand(cli: Cli): Command {
  return new Command("stake")
    .description("what your wallet stands to lose for a node, on chain")
    .addCommand(add(cli))
    .addCommand(remove(cli))
    .addCommand(show(cli));
}
