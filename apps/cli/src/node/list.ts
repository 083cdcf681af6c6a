import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { age } from "../terminal/age.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { shortId } from "../terminal/short-id.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  online?: boolean;
}

export function list(cli: Cli): Command {
  const command = new Command("list")
    .description("list the market's nodes")
    .option("--online", "only those connected now")
    .addHelpText("after", "\nExample: stoa node list --online");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const page = await client.nodes.list({ ...(options.online ? { online: true } : {}), ...pageQuery(options) });
  if (cli.json) return terminal.printJson(page);
  if (page.items.length === 0) return terminal.note("No nodes. Run one: stoa node start");
  const { green, dim } = terminal.out;
  const now = Date.now();
  terminal.print(
    table(terminal.out, page.items, [
      { title: "node", value: (node) => `${node.online ? green("●") : dim("○")} ${node.name}` },
      { title: "id", value: (node) => shortId(node.id) },
      { title: "busy", value: (node) => `${node.running}/${node.slots}`, right: true },
      { title: "agents", value: (node) => String(node.agents.length), right: true },
      { title: "delivered", value: (node) => String(node.awards.delivered), right: true },
      { title: "at fault", value: (node) => String(node.awards.faulted), right: true },
      { title: "paid for it", value: (node) => money.format(node.faults.damages), right: true },
      { title: "stake", value: (node) => money.format(node.stake), right: true },
      { title: "seen", value: (node) => (node.online ? "now" : `${age(node.seenAt, now)} ago`) },
    ]),
  );
  nextPageHint(terminal, page.nextCursor);
}
