import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { deregister } from "./deregister.ts";
import { doctor } from "./doctor/doctor.ts";
import { heartbeat } from "./heartbeat.ts";
import { list } from "./list.ts";
import { maintain } from "./maintain.ts";
import { register } from "./register.ts";
import { rewards } from "./rewards.ts";
import { show } from "./show.ts";
import { start } from "./start.ts";
import { status } from "./status.ts";

export function nodeCommand(cli: Cli): Command {
  return new Command("node")
    .description("run a node that bids for work and does it")
    .addCommand(start(cli))
    .addCommand(status(cli))
    .addCommand(doctor(cli))
    .addCommand(list(cli))
    .addCommand(show(cli))
    .addCommand(register(cli))
    .addCommand(heartbeat(cli))
    .addCommand(maintain(cli))
    .addCommand(deregister(cli))
    .addCommand(rewards(cli));
}
