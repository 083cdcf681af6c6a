import { prepareNodeHome } from "@stoa/host";
import { parseAddress } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { openMarket, type OpenedMarket } from "../profile/open-market.ts";
import { nodeFolder, type NodeFolderOptions } from "./node-folder.ts";
import { parseSlots } from "./parse-slots.ts";
import { runNode } from "./run-node.ts";
import { stakeNode } from "./stake-node.ts";

interface Options extends GlobalOptions, NodeFolderOptions {
  slots: string;
  agents: string;
  cost?: string;
  stake?: string;
  bond?: string;
  httpAllow?: string;
  llm?: string;
  docker?: string;
  testMoney?: boolean;
}

export function start(cli: Cli): Command {
  return new Command("start")
    .description("link a node to your wallet, stake for it, and run it here until Ctrl-C")
    .option("--name <name>", "the node's name", "node")
    .option("--slots <count>", "executions it runs at once", "2")
    .option("--agents <names>", "agents it hosts: * for all, or names separated by commas", "*")
    .option("--cost <terms>", "its true cost, such as base=0.001,kib=0.00001,second=0.0002")
    .option("--stake <amount>", "stake it should have (default: the least bond for every slot)")
    .option("--bond <amount>", "bond per slot (default: the market's least)")
    .option("--http-allow <hosts>", "hosts its agents may reach when their manifests name them too")
    .option("--llm <file>", "the language models its agents may use (JSON)")
    .option("--docker <socket>", "container engine for agents that are containers, such as /var/run/docker.sock")
    .option("--data <folder>", "its folder (default: nodes/<name> in STOA_HOME)")
    .option("--test-money", "on a local chain: make the stake, and gas, first")
    .addHelpText("after", "\nExample: stoa node start --name attic --slots 4 --cost base=0.002 --test-money")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const slots = parseSlots(options.slots);
  const market = await openMarket(cli, options, "anyone");
  const folder = nodeFolder(cli, market.profile.home, options);
  const provider = await market.wallet();
  const domain = { chainId: market.info.chainId, vault: parseAddress(market.info.vault) };
  const { node, keyFile, linkFile, isLinkedNow } = await prepareNodeHome(folder, { provider, domain, now: Date.now() });
  terminal.note(`node ${node} ${isLinkedNow ? "linked" : "is linked"} to ${provider.address}`);
  terminal.waiting("staking");
  const wanted = wantedStake(market, options, slots);
  const staked = await stakeNode(market, { node, wanted, testMoney: options.testMoney === true });
  if (staked > 0n) terminal.note(`staked ${market.money.format(staked)}`);
  const code = await runNode(cli, nodeEnv(market, options, { folder, keyFile, linkFile }));
  // Ctrl-C is how a node is stopped: one that finished its work has ended well.
  cli.exitCode = code === 0 ? exitCodes.ok : exitCodes.failure;
}

function wantedStake({ info, money }: OpenedMarket, options: Options, slots: number): bigint {
  if (options.stake !== undefined) return money.parse(options.stake);
  const bond = options.bond === undefined ? BigInt(info.minBond) : money.parse(options.bond);
  return bond * BigInt(slots);
}

function nodeEnv(
  { profile, info }: OpenedMarket,
  options: Options,
  { folder, keyFile, linkFile }: { folder: string; keyFile: string; linkFile: string },
): Record<string, string> {
  const rpcUrl = profile.rpcUrl ?? info.rpcUrl;
  return {
    STOA_SERVER_URL: profile.url,
    STOA_NODE_DATA: folder,
    STOA_NODE_KEY_FILE: keyFile,
    STOA_NODE_LINK_FILE: linkFile,
    STOA_NODE_NAME: options.name,
    STOA_NODE_SLOTS: options.slots,
    STOA_NODE_AGENTS: options.agents,
    ...(options.cost === undefined ? {} : { STOA_NODE_COST: options.cost }),
    ...(options.bond === undefined ? {} : { STOA_NODE_BOND: options.bond }),
    ...(options.httpAllow === undefined ? {} : { STOA_NODE_HTTP_ALLOW: options.httpAllow }),
    ...(options.llm === undefined ? {} : { STOA_NODE_LLM_FILE: options.llm }),
    ...(options.docker === undefined ? {} : { STOA_NODE_DOCKER_SOCKET: options.docker }),
    ...(rpcUrl === undefined ? {} : { STOA_RPC_URL: rpcUrl }),
  };
}
