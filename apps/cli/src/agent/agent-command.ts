import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { init } from "./init.ts";
import { list } from "./list.ts";
import { publish } from "./publish.ts";
import { retire } from "./retire.ts";
import { schema } from "./schema.ts";
import { search } from "./search.ts";
import { show } from "./show.ts";
import { test } from "./test.ts";

export function agentCommand(cli: Cli): Command {
  return new Command("agent")
    .description("write agents, try and publish them, and look at what is published")
    .addCommand(init(cli))
    .addCommand(test(cli))
    .addCommand(publish(cli))
    .addCommand(list(cli))
    .addCommand(search(cli))
    .addCommand(show(cli))
    .addCommand(retire(cli))
    .addCommand(schema(cli));
}
