import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { contractVerb } from "./contract-verb.ts";
import { openContracts, type OpenedContracts } from "./open-contracts.ts";
import { type Sent, tellSent } from "./tell-sent.ts";

interface NumberedVerb {
  name: string;
  description: string;
  /** What the number is of: "an escrow". */
  of: string;
  examples: readonly string[];
  act(contracts: OpenedContracts, number: bigint): Promise<Sent>;
}

/** A verb that takes the number of something on chain and sends one transaction about it. */
export function numberedVerb(cli: Cli, { name, description, of, examples, act }: NumberedVerb): Command {
  return contractVerb(name, description, examples)
    .argument("<number>", `${of}'s number`)
    .action(async (number: string, _options: unknown, self: Command) => {
      const contracts = await openContracts(cli, self.optsWithGlobals());
      const wanted = parseNumber(number, `${of}'s number`);
      cli.terminal.waiting("sending");
      tellSent(cli, await act(contracts, wanted));
    });
}
