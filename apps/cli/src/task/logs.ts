import type { TaskLogs } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { shortId } from "../terminal/short-id.ts";

interface Options extends GlobalOptions {
  follow?: boolean;
}

const GIVE_UP_AFTER_MS = 60_000;

export function logs(cli: Cli): Command {
  return new Command("logs")
    .description("what a task's executions wrote; with --follow also what they go on to write")
    .argument("<id>", "the task's id, or its first eight digits or more")
    .option("-f, --follow", "go on until none of them writes any more; with --json, one line of JSON each")
    .addHelpText("after", "\nExamples: stoa task logs 0x1a2b3c4d\n          stoa task logs 0x1a2b3c4d --follow")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: Options): Promise<void> {
  const { terminal, abort } = cli;
  const { client } = await openMarket(cli, options, "account");
  const task = await client.tasks.get(id);
  const tell = createTeller(cli);
  if (!options.follow) {
    const kept = await client.tasks.logs(task.id);
    if (cli.json) return terminal.printJson(kept);
    tellArchived(cli, kept);
    for (const { executionId, lines } of kept.executions) for (const { text } of lines) tell(executionId, text);
    if (kept.executions.length === 0) terminal.note(`nothing was written yet; the task is ${task.state}`);
    return;
  }
  terminal.waiting("waiting for the first line");
  const followed = client.tasks.followLogs(task.id, { signal: abort.signal, giveUpAfterMs: GIVE_UP_AFTER_MS });
  for await (const line of followed) {
    if (cli.json) terminal.printJsonLine(line);
    else tell(line.executionId, line.text);
  }
  terminal.end();
}

/** Prints lines, and above the first of an execution whose they are. */
function createTeller({ terminal }: Cli): (executionId: string, text: string) => void {
  let current: string | undefined;
  return (executionId, text) => {
    if (executionId !== current) terminal.note(terminal.err.dim(`execution ${shortId(executionId)}`));
    current = executionId;
    terminal.print(text);
  };
}

function tellArchived({ terminal }: Cli, { archived = [] }: TaskLogs): void {
  for (const { manifest, from, to } of archived)
    terminal.note(`what was written from ${from} to ${to} is archived under ${manifest}`);
}
