import { bondOf, completeBondWithdrawal, requestBondWithdrawal } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import { requireTime } from "../contracts/require-time.ts";
import { type Sent, tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { positive } from "../terminal/positive.ts";
import { tellWhose, type WhoseBond, whoseBond } from "./whose-bond.ts";

interface Options extends ChainOptions, WhoseBond {
  complete?: boolean;
}

export function withdraw(cli: Cli): Command {
  const examples = ["stoa bond withdraw 10 --node 0xNODE", "stoa bond withdraw --complete --node 0xNODE"];
  return contractVerb("withdraw", "take a bond back, for the operator: ask first, complete it later", examples)
    .argument("[amount]", "how much to ask for")
    .option("--node <address>", "the node it stands for; the bond for every node unless said otherwise")
    .option("--complete", "pay what waited its delay out to the operator")
    .action((amount: string | undefined, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, amount: string | undefined, options: Options): Promise<void> {
  if ((amount === undefined) !== (options.complete === true))
    throw new StoaError("invalid_request", "expected either an amount to ask for, or --complete");
  const node = whoseBond(options);
  const contracts = await openContracts(cli, options);
  cli.terminal.waiting("sending");
  tellSent(cli, await (amount === undefined ? complete(contracts, node) : request(contracts, node, amount)));
}

async function request(contracts: OpenedContracts, node: Address | null, text: string): Promise<Sent> {
  const { chain, at, token, money } = contracts;
  const [bond, amount] = [{ bonds: at("bonds"), node, token }, positive(money.parse(text), text)];
  const sender = await contracts.sender();
  const { staying } = await bondOf(chain, bond);
  if (staying < amount) {
    const has = `${money.format(staying)} stand for ${tellWhose(node)}`;
    throw new StoaError("insufficient_funds", `${has}, asked for were ${money.format(amount)}`);
  }
  const txHash = await requestBondWithdrawal(sender, { ...bond, amount });
  const { leaving, unlocksAt } = await bondOf(chain, bond);
  const from = instant(unlocksAt);
  return {
    text: `asked for ${money.format(amount)}; ${money.format(leaving)} can be completed from ${from}`,
    txHash,
    facts: { node, amount, leaving, unlocksAt: from },
  };
}

async function complete(contracts: OpenedContracts, node: Address | null): Promise<Sent> {
  const { chain, at, token, money } = contracts;
  const bond = { bonds: at("bonds"), node, token };
  const { leaving, unlocksAt } = await bondOf(chain, bond);
  if (unlocksAt === null) throw new StoaError("wrong_state", `nothing that stands for ${tellWhose(node)} leaves`);
  await requireTime(chain, unlocksAt, `${money.format(leaving)} can be completed`);
  const txHash = await completeBondWithdrawal(await contracts.sender(), bond);
  return { text: `paid ${money.format(leaving)} back to the operator`, txHash, facts: { node, amount: leaving } };
}
