import { answerDispute, courtBond } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { formatPercent, parsePercent } from "../terminal/percent.ts";
import { addEvidenceOptions, type EvidenceOptions, readEvidence } from "./evidence-options.ts";
import { requireDispute } from "./require-dispute.ts";

interface Options extends EvidenceOptions {
  keep: string;
  testMoney?: boolean;
}

export function answer(cli: Cli): Command {
  const verb = contractVerb("answer", "answer a dispute as the provider, and match its bond from your wallet", [
    "stoa dispute answer 1 --keep 100 --uri https://… --file defence.md",
  ])
    .argument("<number>", "the dispute's number")
    .option("--keep <percent>", "what you ask to keep", "100")
    .option("--test-money", "on a local chain: make the bond, and gas, first");
  return addEvidenceOptions(verb).action((number: string, _options: unknown, self: Command) =>
    run(cli, number, self.optsWithGlobals()),
  );
}

async function run(cli: Cli, number: string, options: Options): Promise<void> {
  const disputeId = parseNumber(number, "a dispute's number");
  const respondentBps = parsePercent(options.keep, "--keep");
  const evidence = await readEvidence(cli, options);
  const contracts = await openContracts(cli, options);
  const { chain, at, moneyIn } = contracts;
  await requireDispute(contracts, disputeId, "matching");
  const sender = await contracts.sender();
  const bond = await courtBond(chain, at("court"), { disputeId, round: 0 });
  const money = await moneyIn(bond.token);
  await requireInWallet(sender, { ...bond, money, what: "the bond is", testMoney: options.testMoney });
  cli.terminal.waiting(`answering with a bond of ${money.format(bond.amount)}`);
  const txHash = await answerDispute(sender, { court: at("court"), disputeId, respondentBps, evidence });
  tellSent(cli, {
    text: `answered dispute ${disputeId}: you ask to keep ${formatPercent(respondentBps)}`,
    txHash,
    facts: { disputeId, respondentBps, bond: bond.amount, token: bond.token, ...evidence },
    hint: `More can be shown with stoa dispute evidence ${disputeId}; then arbitrators are drawn`,
  });
}
