import { nodeStatus, stakeOf } from "@stoa/chain";
import { type Address, parseAddress, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { fields } from "../terminal/table.ts";

interface Options extends ChainOptions {
  provider?: string;
}

export function show(cli: Cli): Command {
  return contractVerb("show", "show what is at stake for a node, and whether that makes it active", [
    "stoa stake show 0xNODE",
  ])
    .argument("<node>", "the address of the node's key")
    .option("--provider <address>", "whose stake; the node's provider unless said otherwise, else your wallet's")
    .action((node: string, _options: unknown, self: Command) => run(cli, node, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const node = parseAddress(text, "<node>");
  const { chain, at, token, money, wallet } = await openContracts(cli, options);
  const { provider: registered, maintenanceUntil, ...status } = await nodeStatus(chain, at("nodes"), { node, token });
  const provider = await providerOf(options, registered, async () => (await wallet()).address);
  const { staked, unstaking, unlocksAt } = await stakeOf(chain, at("nodes"), { provider, node, token });
  if (cli.json) {
    const times = {
      unlocksAt: instant(unlocksAt),
      heartbeatAt: instant(status.heartbeatAt),
      maintenance: until(maintenanceUntil),
    };
    return terminal.printJson({ node, provider, registered, staked, unstaking, ...status, ...times });
  }
  const { green, dim, bold } = terminal.out;
  terminal.print(`${bold(node)}  ${status.isActive ? green("active") : dim("not active")}`);
  terminal.print(
    fields(terminal.out, [
      ["provider", registered === null ? `${provider}  (the node is not registered on chain)` : provider],
      ["staked", money.format(staked)],
      ["taken back", unlocksAt === null ? undefined : `${money.format(unstaking)} from ${instant(unlocksAt)}`],
      ["needed", status.minimumStake === 0n ? "anything" : money.format(status.minimumStake)],
      ["slots", registered === null ? undefined : String(status.slots)],
      ["heartbeat", instant(status.heartbeatAt) ?? undefined],
      ["maintenance", until(maintenanceUntil) ?? undefined],
    ]),
  );
  if (staked === 0n) terminal.note(terminal.err.dim(`Nothing is staked for it: stoa stake add ${node} <amount>`));
}

/** When a maintenance ends, as it was declared. */
function until(at: number | null): string | null {
  return at === Infinity ? "until further notice" : instant(at);
}

async function providerOf(
  { provider }: Options,
  registered: Address | null,
  own: () => Promise<Address>,
): Promise<Address> {
  if (provider !== undefined) return parseAddress(provider, "--provider");
  if (registered !== null) return registered;
  try {
    return await own();
  } catch (cause) {
    if (!(cause instanceof StoaError)) throw cause;
    throw new StoaError("invalid_request", "the node is not registered on chain: say whose stake with --provider", {
      cause,
    });
  }
}
