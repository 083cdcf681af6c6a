import { bondOf } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { fields } from "../terminal/table.ts";
import { tellWhose, type WhoseBond, whoseBond } from "./whose-bond.ts";

export function show(cli: Cli): Command {
  return contractVerb("show", "show what stands behind the operator's holds", ["stoa bond show --node 0xNODE"])
    .option("--node <address>", "what stands for this node alone; for every node unless said otherwise")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: ChainOptions & WhoseBond): Promise<void> {
  const { terminal } = cli;
  const node = whoseBond(options);
  const { chain, at, token, money } = await openContracts(cli, options);
  const { staying, leaving, unlocksAt } = await bondOf(chain, { bonds: at("bonds"), node, token });
  if (cli.json) return terminal.printJson({ node, staying, leaving, unlocksAt: instant(unlocksAt) });
  terminal.print(
    fields(terminal.out, [
      ["stands for", tellWhose(node)],
      ["stays", terminal.out.bold(money.format(staying))],
      ["leaves", unlocksAt === null ? undefined : `${money.format(leaving)} from ${instant(unlocksAt)}`],
    ]),
  );
}
