import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { chain } from "./chain.ts";
import { list } from "./list.ts";
import { save } from "./save.ts";
import { show } from "./show.ts";
import { verify } from "./verify.ts";

export function roundCommand(cli: Cli): Command {
  return new Command("round")
    .description("look at auctions, and check them yourself")
    .addCommand(list(cli))
    .addCommand(show(cli))
    .addCommand(save(cli))
    .addCommand(verify(cli))
    .addCommand(chain(cli));
}
