import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { cancel } from "./cancel.ts";
import { list } from "./list.ts";
import { show } from "./show.ts";
import { submit } from "./submit.ts";
import { watch } from "./watch.ts";

export function workflowCommand(cli: Cli): Command {
  return new Command("workflow")
    .description("have several tasks done under one budget, each taking from those before it")
    .addCommand(submit(cli))
    .addCommand(watch(cli))
    .addCommand(show(cli))
    .addCommand(list(cli))
    .addCommand(cancel(cli));
}
