import { setTimeout } from "node:timers/promises";
import type { ChainSync } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { openMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";

interface Options extends GlobalOptions {
  once?: boolean;
}

const POLL_MS = 500;

const HELP = `
Followed until the ledger has taken every block that was final enough when the command began. With --once it only looks,
and ends with code 3 while the ledger is behind.

Examples: stoa chain sync
          stoa chain sync --once --json`;

export function sync(cli: Cli): Command {
  return new Command("sync")
    .description("see how far the market has read its chain, and follow it until it has caught up")
    .option("--once", "only look")
    .addHelpText("after", HELP)
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { client } = await openMarket(cli, options, "anyone");
  const { signal } = cli.abort;
  let found = await client.market.chainSync();
  const goal = found.head - found.confirmations;
  while (options.once !== true && !hasReached(found, goal) && !signal.aborted) {
    cli.terminal.waiting(`block ${found.ledger ?? found.firstBlock} of ${goal}, ${percentOf(found, goal)} %`);
    await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) found = await client.market.chainSync();
  }
  const isCaughtUp = hasReached(found, goal);
  if (!isCaughtUp) cli.exitCode = signal.aborted ? exitCodes.interrupted : exitCodes.retry;
  tell(cli, found, { goal, isCaughtUp });
}

/** A chain whose blocks are all too new for the ledger leaves it nothing to take. */
function hasReached({ ledger, firstBlock }: ChainSync, goal: number): boolean {
  return ledger === null ? goal < firstBlock : ledger >= goal;
}

function percentOf({ ledger, firstBlock }: ChainSync, goal: number): number {
  return Math.floor((100 * ((ledger ?? firstBlock) - firstBlock)) / Math.max(1, goal - firstBlock));
}

function tell({ terminal, json }: Cli, found: ChainSync, state: { goal: number; isCaughtUp: boolean }): void {
  const { goal, isCaughtUp } = state;
  if (json) return terminal.printJson({ ...found, isCaughtUp });
  const { green, yellow } = terminal.out;
  terminal.print(isCaughtUp ? green("caught up") : yellow(`behind: ${percentOf(found, goal)} % are read`));
  terminal.print(
    fields(terminal.out, [
      ["chain", `${found.chainId}, block ${found.head}`],
      ["index", found.indexed === null ? "nothing read yet" : `block ${found.indexed}`],
      [
        "ledger",
        `${found.ledger === null ? "nothing taken yet" : `block ${found.ledger}`}; takes a block with ${found.confirmations} on top`,
      ],
      ["begins at", `block ${found.firstBlock}`],
    ]),
  );
}
