import { escrowAmountFor, fundEscrow, type EscrowTerms } from "@stoa/chain";
import { parseAddress } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { chainTime } from "../contracts/chain-time.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { readContentHash } from "../contracts/read-content-hash.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import { instant } from "../terminal/instant.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { positive } from "../terminal/positive.ts";
import { readVerifier, type VerifierOptions } from "./read-verifier.ts";

interface Options extends VerifierOptions {
  task?: string;
  taskHash?: string;
  deliver: string;
  approval: string;
  node?: string;
  testMoney?: boolean;
}

export function fund(cli: Cli): Command {
  return contractVerb("fund", "set the price of a task, and the market's fee, aside for a provider", [
    "stoa escrow fund 0xPROVIDER 100 --task task.md --deliver 2d --test-money",
    "stoa escrow fund 0xPROVIDER 100 --task-hash 0x… --validator 0xVALIDATOR --min-score 80",
  ])
    .argument("<provider>", "the address that delivers and is paid")
    .argument("<price>", "what the provider is paid, of the market's token; the fee comes on top")
    .option("--task <file>", "what is ordered; its SHA-256 goes on chain, not its content")
    .option("--task-hash <hash>", "the hash of what is ordered, instead of a file")
    .option("--deliver <time>", "until when the provider must deliver", "1d")
    .option("--approval <time>", "how long you can dispute a delivery", "1d")
    .option("--node <address>", "the provider's node whose stake answers for the work")
    .option("--expect <hash>", "release at once what has this hash")
    .option("--attested-by <nodes>", "release at once what these nodes sign for: addresses separated by commas")
    .option("--threshold <count>", "how many of them must")
    .option("--validator <address>", "release at once what this validator likes")
    .option("--min-score <score>", "how much, out of 100")
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .action((provider: string, price: string, _options: unknown, self: Command) =>
      run(cli, { provider, price }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { provider: string; price: string }, options: Options): Promise<void> {
  const provider = parseAddress(given.provider, "<provider>");
  const node = options.node === undefined ? null : parseAddress(options.node, "--node");
  const [deliverSeconds, approvalWindow] = [
    parseSeconds(options.deliver, "--deliver"),
    parseSeconds(options.approval, "--approval"),
  ];
  const taskHash = await readContentHash(cli, {
    file: { name: "--task", value: options.task },
    hash: { name: "--task-hash", value: options.taskHash },
  });
  const contracts = await openContracts(cli, options);
  const { chain, at, token, money } = contracts;
  const price = positive(money.parse(given.price), given.price);
  const verifier = readVerifier(contracts, options, taskHash);
  const sender = await contracts.sender();
  const amount = await escrowAmountFor(chain, at("escrow"), price);
  const what = "price and fee are";
  await requireInWallet(sender, { token, amount, money, what, testMoney: options.testMoney });
  const deliverBy = (await chainTime(chain)) + deliverSeconds * 1_000;
  const parties = { requester: sender.address, provider, node };
  const terms: EscrowTerms = { ...parties, token, amount, taskHash, deliverBy, approvalWindow, verifier };
  cli.terminal.waiting(`setting ${money.format(amount)} aside`);
  const { escrowId, txHash } = await fundEscrow(sender, { escrow: at("escrow"), terms });
  tellSent(cli, {
    text: `escrow ${cli.terminal.out.bold(String(escrowId))} holds ${money.format(amount)} for ${provider}`,
    txHash,
    facts: { escrowId, ...parties, token, amount, price, taskHash, deliverBy: instant(deliverBy), approvalWindow },
    hint: `Until ${instant(deliverBy)} it can be delivered; follow it with stoa escrow show ${escrowId}`,
  });
}
