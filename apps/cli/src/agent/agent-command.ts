import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { list } from "./list.ts";
import { publish } from "./publish.ts";
import { retire } from "./retire.ts";
import { show } from "./show.ts";

export function agentCommand(cli: Cli): Command {
  return new Command("agent")
    .description("publish agents and look at what is published")
    .addCommand(publish(cli))
    .addCommand(list(cli))
    .addCommand(show(cli))
    .addCommand(retire(cli));
}
