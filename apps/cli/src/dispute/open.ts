import { courtBond, openDispute } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import { requireEscrow } from "../escrow/require-escrow.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { formatPercent, parsePercent } from "../terminal/percent.ts";
import { addEvidenceOptions, type EvidenceOptions, readEvidence } from "./evidence-options.ts";

interface Options extends EvidenceOptions {
  keep: string;
  testMoney?: boolean;
}

export function open(cli: Cli): Command {
  const verb = contractVerb("open", "dispute what was delivered for your escrow, with a bond from your wallet", [
    "stoa dispute open 3 --keep 0 --uri https://… --file complaint.md",
  ])
    .argument("<escrow>", "the escrow's number")
    .option("--keep <percent>", "what the provider shall keep", "0")
    .option("--test-money", "on a local chain: make the bond, and gas, first");
  return addEvidenceOptions(verb).action((escrow: string, _options: unknown, self: Command) =>
    run(cli, escrow, self.optsWithGlobals()),
  );
}

async function run(cli: Cli, escrow: string, options: Options): Promise<void> {
  const subjectId = parseNumber(escrow, "an escrow's number");
  const respondentBps = parsePercent(options.keep, "--keep");
  const evidence = await readEvidence(cli, options);
  const contracts = await openContracts(cli, options);
  const { chain, at, moneyIn } = contracts;
  const { state } = await requireEscrow(contracts, subjectId);
  if (state !== "delivered")
    throw new StoaError("wrong_state", `escrow ${subjectId} is ${state}: only what was delivered can be disputed`);
  const sender = await contracts.sender();
  const bond = await courtBond(chain, at("court"));
  const money = await moneyIn(bond.token);
  await requireInWallet(sender, { ...bond, money, what: "the bond is", testMoney: options.testMoney });
  cli.terminal.waiting(`opening a dispute with a bond of ${money.format(bond.amount)}`);
  const complaint = { court: at("court"), subject: at("escrow"), subjectId, respondentBps, evidence };
  const { disputeId, txHash } = await openDispute(sender, complaint);
  tellSent(cli, {
    text: `dispute ${cli.terminal.out.bold(String(disputeId))}: the provider shall keep ${formatPercent(respondentBps)} of escrow ${subjectId}`,
    txHash,
    facts: { disputeId, escrowId: subjectId, respondentBps, bond: bond.amount, token: bond.token, ...evidence },
    hint: `It is ruled so unless the provider answers; follow it with stoa dispute show ${disputeId}`,
  });
}
