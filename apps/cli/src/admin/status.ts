import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { age } from "../terminal/age.ts";

export function status(cli: Cli): Command {
  return new Command("status")
    .description("servers, load, chain, and what waits for somebody to look at it")
    .addHelpText("after", "\nExample: stoa admin status --json")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  const now = await client.admin.status();
  if (cli.json) return terminal.printJson(now);
  const { bold, dim, green, yellow } = terminal.out;
  const { servers, load, chain, deadLetters, suspended, openReports } = now;
  const line = (name: string, text: string) => terminal.print(`${bold(name.padEnd(13))} ${text}`);
  const counted = (counts: Record<string, number>) => {
    const some = Object.entries(counts).filter(([, count]) => count > 0);
    return some.length === 0 ? green("none") : yellow(some.map(([what, count]) => `${count} ${what}`).join(", "));
  };
  const since = servers.map(({ startedAt }) => `up ${age(startedAt, Date.now())}`).join(", ");
  line("servers", servers.length === 0 ? "1, on an embedded database" : `${servers.length} ${dim(`(${since})`)}`);
  line("tasks", `${load.waitingTasks} wait, ${load.busyExecutions} run`);
  line("chain", `block ${chain.head}; read to ${chain.indexed ?? "-"}, in the ledger to ${chain.ledger ?? "-"}`);
  line("unconfirmed", counted(load.settlements));
  line("gave up", counted(deadLetters));
  line("suspended", counted(suspended));
  line("reports", openReports === 0 ? green("none") : yellow(`${openReports} wait: stoa admin reports`));
}
