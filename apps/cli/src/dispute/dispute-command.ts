import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { advance } from "./advance.ts";
import { answer } from "./answer.ts";
import { appeal } from "./appeal.ts";
import { collect } from "./collect.ts";
import { commit } from "./commit.ts";
import { concede } from "./concede.ts";
import { decline } from "./decline.ts";
import { evidence } from "./evidence.ts";
import { execute } from "./execute.ts";
import { join } from "./join.ts";
import { leave } from "./leave.ts";
import { open } from "./open.ts";
import { reveal } from "./reveal.ts";
import { show } from "./show.ts";
import { withdraw } from "./withdraw.ts";

export function disputeCommand(cli: Cli): Command {
  return new Command("dispute")
    .description("disagree about an escrow, or decide such a case as an arbitrator")
    .addCommand(open(cli))
    .addCommand(answer(cli))
    .addCommand(evidence(cli))
    .addCommand(concede(cli))
    .addCommand(appeal(cli))
    .addCommand(advance(cli))
    .addCommand(execute(cli))
    .addCommand(show(cli))
    .addCommand(join(cli))
    .addCommand(commit(cli))
    .addCommand(reveal(cli))
    .addCommand(decline(cli))
    .addCommand(collect(cli))
    .addCommand(withdraw(cli))
    .addCommand(leave(cli));
}
