import { dirname, resolve } from "node:path";
import {
  createSender,
  type DeployOptions,
  type DeploymentPlan,
  deployMarket,
  fileJournal,
  isTestChain,
  planDeployment,
} from "@stoa/chain";
import { lockFolder } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { readWallet } from "../profile/read-wallet.ts";
import { type ChainOptions, openRpc } from "../profile/open-rpc.ts";
import { native } from "../terminal/native.ts";
import { readParameters } from "./read-parameters.ts";
import { tellPlan } from "./tell-plan.ts";

interface Options extends ChainOptions {
  parameters?: string;
  dryRun?: boolean;
}

const HELP = `
The parameters file is a JSON object with operator, arbiter, feeRecipient, faultPool, feeBps, challengeBondBps,
withdrawDelay, challengeWindow (of the vault, for good), governor, guardian, delaySeconds, treasury, rewardsReceiver
(of governance), token (what the market settles in) and wrapper (the token that wraps the chain's own coin, such as
WETH). A test chain needs none of them: the wallet is everybody, a test dollar and a wrapper are deployed. The wallet that deploys keeps no role.

Cut off at any moment, the same command goes on where it was.

Examples: stoa chain deploy --rpc http://127.0.0.1:8545 --wallet-key-file key --dry-run
          stoa chain deploy --rpc https://mainnet.base.org --chain-id 8453 --parameters base.json`;

export function deploy(cli: Cli): Command {
  return new Command("deploy")
    .description("deploy a market's contracts, or finish a deployment, and verify what stands")
    .option("--rpc <address>", "JSON-RPC of the chain; the profile's unless said otherwise")
    .option("--chain-id <id>", "refuse another chain than this one; needed where money is worth something")
    .option("--parameters <file>", "what to deploy with (JSON)")
    .option("--book <file>", "the address book to write; one per chain in STOA_HOME unless said otherwise")
    .option("--dry-run", "only say what would be done, its gas, and the balance it needs")
    .addHelpText("after", HELP)
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const { chain, profile, bookFile } = await openRpc(cli, options);
  if (!isTestChain(chain.chainId) && options.chainId === undefined) {
    throw new StoaError(
      "invalid_configuration",
      `${chain.rpcUrl} is chain ${chain.chainId}, where money is worth something: say --chain-id ${chain.chainId} if that is what you mean`,
    );
  }
  const wallet = await readWallet(profile);
  const file = options.parameters === undefined ? undefined : resolve(cli.cwd, options.parameters);
  const { vault, ...rest } = await readParameters(file, { chainId: chain.chainId, wallet: wallet.address });
  const journal = fileJournal(`${bookFile}.sent`);
  const deployment = { sender: createSender(chain, wallet, { journal }), parameters: vault, ...rest, bookFile };
  terminal.waiting("planning the deployment");
  const plan = await planDeployment(deployment);
  if (options.dryRun) {
    if (cli.json) terminal.printJson(plan);
    else tellPlan(cli, plan);
    return;
  }
  requireFunds(plan);
  // Two deployments over one book would each send what the other has not written down yet.
  const lock = await lockFolder(dirname(bookFile));
  try {
    await carryOut(cli, deployment, plan);
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

async function carryOut(cli: Cli, deployment: DeployOptions, plan: DeploymentPlan): Promise<void> {
  const { terminal } = cli;
  const { bold, dim, green } = terminal.out;
  const names = plan.steps.map(({ name }) => name);
  const width = Math.max(...names.map((name) => name.length));
  terminal.waiting(`deploying the ${names[0]}`);
  const book = await deployMarket({
    ...deployment,
    onStep({ name, address }) {
      const planned = plan.steps.find((step) => step.name === name);
      const done = planned?.isDone ? dim("stood already") : green(name === "roles" ? "set" : "deployed");
      if (!cli.json) terminal.print(`${name.padEnd(width)}  ${address}  ${done}`);
      const next = names[names.indexOf(name) + 1];
      if (next !== undefined) terminal.waiting(next === "roles" ? "setting the roles" : `deploying the ${next}`);
    },
  });
  if (cli.json) return terminal.printJson({ ...book, bookFile: deployment.bookFile });
  terminal.print(bold(green(`the market stands on chain ${book.chainId}`)));
  terminal.print(dim(`addresses: ${deployment.bookFile}`));
}

function requireFunds({ balance, balanceNeeded, deployer, chainId }: DeploymentPlan): void {
  if (balance >= balanceNeeded) return;
  throw new StoaError(
    "insufficient_funds",
    `${deployer} holds ${native(balance)} on chain ${chainId}, the deployment may need ${native(balanceNeeded)}`,
  );
}
