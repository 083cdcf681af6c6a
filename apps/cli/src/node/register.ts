import { nodeStatus, registerNode, signConsent } from "@stoa/chain";
import { ensureKeyFile } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import type { Cli } from "../cli.ts";
import { chainTime } from "../contracts/chain-time.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { nodeFolder, type NodeFolderOptions } from "./node-folder.ts";
import { parseSlots } from "./parse-slots.ts";

interface Options extends ChainOptions, NodeFolderOptions {
  slots: string;
}

const NOTES = `
The node's own key, in its folder, signs that your wallet may register it. Registering moves no money and asks for no
stake; with the least stake and fresh heartbeats the node then counts as active for every contract that asks.`;

export function register(cli: Cli): Command {
  return contractVerb("register", "register your node on chain", ["stoa node register --name attic --slots 4"], NOTES)
    .option("--name <name>", "the node's name", "node")
    .option("--slots <count>", "executions it runs at once", "2")
    .option("--data <folder>", "its folder (default: nodes/<name> in STOA_HOME)")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const slots = parseSlots(options.slots);
  const { chain, at, token, profile, ...contracts } = await openContracts(cli, options);
  const key = privateKeyToAccount(await ensureKeyFile(join(nodeFolder(cli, profile.home, options), "node.key")));
  const [nodes, sender] = [at("nodes"), await contracts.sender()];
  const { provider } = await nodeStatus(chain, nodes, { node: key.address, token });
  if (provider !== null)
    throw new StoaError("wrong_state", `the node ${key.address} is registered already, as ${provider}'s`);
  cli.terminal.waiting("registering");
  const signed = await signConsent(chain, {
    nodes,
    domain: { chainId: chain.chainId, vault: at("vault") },
    node: key,
    provider: sender.address,
    now: await chainTime(chain),
  });
  const txHash = await registerNode(sender, { nodes, slots, signed });
  const { isActive } = await nodeStatus(chain, nodes, { node: key.address, token });
  tellSent(cli, {
    text: `registered ${key.address} with ${slots} slots${isActive ? "; it is active" : ""}`,
    txHash,
    facts: { node: key.address, provider: sender.address, slots, isActive },
    ...(isActive ? {} : { hint: `It is not active until it is staked for: stoa stake add ${key.address} <amount>` }),
  });
}
