import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { accept } from "./accept.ts";
import { cancel } from "./cancel.ts";
import { retry } from "./retry.ts";
import { list } from "./list.ts";
import { logs } from "./logs.ts";
import { quote } from "./quote.ts";
import { rerun } from "./rerun.ts";
import { show } from "./show.ts";
import { submit } from "./submit.ts";
import { watch } from "./watch.ts";

export function taskCommand(cli: Cli): Command {
  return new Command("task")
    .description("have work done, and follow it")
    .addCommand(quote(cli))
    .addCommand(submit(cli))
    .addCommand(watch(cli))
    .addCommand(show(cli))
    .addCommand(logs(cli))
    .addCommand(list(cli))
    .addCommand(cancel(cli))
    .addCommand(retry(cli))
    .addCommand(accept(cli))
    .addCommand(rerun(cli));
}
