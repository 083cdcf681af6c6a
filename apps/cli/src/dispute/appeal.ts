import { appealBond, appealDispute, courtBond, matchAppeal } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { requireDispute } from "./require-dispute.ts";

interface Options extends ChainOptions {
  match?: boolean;
  testMoney?: boolean;
}

export function appeal(cli: Cli): Command {
  const examples = ["stoa dispute appeal 1", "stoa dispute appeal 1 --match"];
  return contractVerb("appeal", "have a larger panel look at what was decided against you, with its bond", examples)
    .argument("<number>", "the dispute's number")
    .option("--match", "post the bond that the other side's appeal demands of you")
    .option("--test-money", "on a local chain: make the bond, and gas, first")
    .action((number: string, _options: unknown, self: Command) => run(cli, number, self.optsWithGlobals()));
}

async function run(cli: Cli, number: string, options: Options): Promise<void> {
  const disputeId = parseNumber(number, "a dispute's number");
  const contracts = await openContracts(cli, options);
  const isMatch = options.match === true;
  const { round: last } = await requireDispute(contracts, disputeId, isMatch ? "matching" : "appealing");
  const [sender, court] = [await contracts.sender(), contracts.at("court")];
  const bond = await (isMatch
    ? courtBond(contracts.chain, court, { disputeId, round: last })
    : appealBond(contracts.chain, court, disputeId));
  const money = await contracts.moneyIn(bond.token);
  await requireInWallet(sender, { ...bond, money, what: "the bond is", testMoney: options.testMoney });
  cli.terminal.waiting(`posting a bond of ${money.format(bond.amount)}`);
  const txHash = await (isMatch ? matchAppeal : appealDispute)(sender, { court, disputeId });
  const { round, phase } = await requireDispute(contracts, disputeId);
  tellSent(cli, {
    text: `${isMatch ? "matched the appeal of" : "appealed"} dispute ${disputeId}, now in round ${round}, ${phase}`,
    txHash,
    facts: { disputeId, round, phase, bond: bond.amount, token: bond.token },
  });
}
