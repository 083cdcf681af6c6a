import { type AuditEntry, findBrokenEntry, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

const PAGE = 500;

interface Options extends GlobalOptions {
  subject?: string;
  after: string;
  verify?: boolean;
}

export function audit(cli: Cli): Command {
  return new Command("audit")
    .description("the log of privileged acts; with --verify, whether nobody rewrote it")
    .option("--subject <id>", "only what was done to this")
    .option("--after <position>", "from this place in it on", "0")
    .option("--verify", "hash it anew from its first entry to its last")
    .addHelpText("after", "\nExamples: stoa admin audit\n          stoa admin audit --verify")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  if (options.verify) return await verify(cli, client);
  if (!/^\d{1,15}$/.test(options.after))
    throw new StoaError("invalid_request", `--after must be a position, got ${JSON.stringify(options.after)}`);
  const { subject } = options;
  const log = await client.admin.audit({ after: Number(options.after), ...(subject ? { subject } : {}) });
  if (cli.json) return terminal.printJson(log);
  if (log.entries.length === 0) return terminal.note("Nothing was done yet.");
  terminal.print(
    table(terminal.out, log.entries, [
      { title: "", value: ({ position }) => String(position), right: true },
      { title: "at", value: ({ at }) => at },
      { title: "who", value: ({ actor }) => (actor === "system" ? actor : shortId(actor)) },
      { title: "did", value: ({ action }) => action },
      { title: "to", value: ({ subject: to }) => shortId(to) },
      { title: "because", value: ({ reason }) => reason },
    ]),
  );
}

async function verify(cli: Cli, client: StoaClient): Promise<void> {
  const entries: AuditEntry[] = [];
  for (let after = 0; ;) {
    const page = await client.admin.audit({ after, limit: PAGE });
    entries.push(...page.entries);
    if (page.entries.length < PAGE) break;
    after = page.next;
  }
  const broken = findBrokenEntry(entries);
  if (broken) throw new StoaError("wrong_hash", `the log does not hold at entry ${broken.position}: ${broken.problem}`);
  const head = entries.at(-1)?.hash ?? null;
  if (cli.json) return cli.terminal.printJson({ entries: entries.length, head, holds: true });
  cli.terminal.print(`${entries.length} entries hold; the last hashes to ${head ?? "nothing"}`);
}
