import { parseHash, StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { tellChecks } from "./tell-checks.ts";

interface Options extends GlobalOptions {
  from?: string;
  anchored?: boolean;
}

export function chain(cli: Cli): Command {
  return new Command("chain")
    .description("follow a capability's rounds back to the first, each by the hash the next one names")
    .argument("<capability>", "what the rounds were for")
    .option("--from <hash>", "the outcome hash to go back from, instead of the newest round's")
    .option("--anchored", "also hold the chain to what is anchored on chain")
    .addHelpText("after", "\nExample: stoa round chain text.summarize --anchored")
    .action((capability: string, _options: unknown, self: Command) => run(cli, capability, self.optsWithGlobals()));
}

async function run(cli: Cli, capability: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const { client, profile } = await openMarket(cli, options, "anyone");
  terminal.waiting(`reading the rounds for ${capability}`);
  const verification = await client.rounds.verifyChain(capability, {
    ...(options.from === undefined ? {} : { from: parseHash(options.from, "--from") }),
    ...(profile.rpcUrl === null ? {} : { rpcUrl: profile.rpcUrl }),
    anchored: options.anchored ?? false,
    onProgress: (checked, of) => terminal.waiting(`checking record ${checked} of ${of}`),
  });
  if (cli.json) terminal.printJson(verification);
  else tellChecks(cli, verification);
  const { firstFailure: failure, rounds, head } = verification;
  if (failure) throw new StoaError("invalid_record", `${failure.name}: ${failure.detail}`, { details: { capability } });
  if (cli.json) return;
  const { bold, green } = terminal.out;
  terminal.print(
    bold(green(head === null ? `no round for ${capability} yet` : `${rounds} rounds check out back from ${head}`)),
  );
}
