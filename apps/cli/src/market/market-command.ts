import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { show } from "./show.ts";

export function marketCommand(cli: Cli): Command {
  return new Command("market").description("look at the market itself").addCommand(show(cli));
}
