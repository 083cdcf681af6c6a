import { completeWithdrawal, requestWithdrawal, unwrapNative, vaultBalance } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import { requireTime } from "../contracts/require-time.ts";
import { type Sent, tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { native, parseNative } from "../terminal/native.ts";
import { positive } from "../terminal/positive.ts";

interface Options extends ChainOptions {
  native?: boolean;
  complete?: boolean;
}

/** What is withdrawn: the market's token, or the chain's own coin that lies wrapped in the vault. */
interface What {
  token: Address;
  isNative: boolean;
  parse(text: string): bigint;
  format(amount: bigint): string;
}

export function withdraw(cli: Cli): Command {
  const examples = ["stoa wallet withdraw 2.5", "stoa wallet withdraw --native --complete"];
  return contractVerb(
    "withdraw",
    "take money out of the vault, asking no server: ask first, complete it later",
    examples,
  )
    .argument("[amount]", "how much to ask for")
    .option("--native", "what was deposited of the chain's own coin; completing unwraps it")
    .option("--complete", "pay what waited the vault's delay out to your wallet")
    .action((amount: string | undefined, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, amount: string | undefined, options: Options): Promise<void> {
  if ((amount === undefined) !== (options.complete === true))
    throw new StoaError("invalid_request", "expected either an amount to ask for, or --complete");
  const contracts = await openContracts(cli, options);
  const { at, token, money } = contracts;
  const coin = { isNative: true, parse: parseNative, format: native };
  const what: What = options.native === true ? { ...coin, token: at("wrapper") } : { ...money, isNative: false, token };
  cli.terminal.waiting("sending");
  tellSent(cli, await (amount === undefined ? complete(contracts, what) : request(contracts, what, amount)));
}

async function request(contracts: OpenedContracts, what: What, text: string): Promise<Sent> {
  const { chain, at } = contracts;
  const { token, format } = what;
  const amount = positive(what.parse(text), text);
  const sender = await contracts.sender();
  const owner = sender.address;
  const { available } = await vaultBalance(chain, at("vault"), owner, token);
  if (available < amount) {
    const holds = `the vault holds ${format(available)} for ${owner}`;
    throw new StoaError("insufficient_funds", `${holds}, asked for were ${format(amount)}`);
  }
  const txHash = await requestWithdrawal(sender, { vault: at("vault"), token, amount });
  const { unlocksAt } = await vaultBalance(chain, at("vault"), owner, token);
  const from = instant(unlocksAt);
  return {
    text: `asked for ${format(amount)}; it can be completed from ${from}`,
    txHash,
    facts: { owner, amount, unlocksAt: from },
  };
}

async function complete(contracts: OpenedContracts, { token, isNative, format }: What): Promise<Sent> {
  const { chain, at } = contracts;
  const sender = await contracts.sender();
  const owner = sender.address;
  const { withdrawing: amount, unlocksAt } = await vaultBalance(chain, at("vault"), owner, token);
  if (unlocksAt === null) throw new StoaError("wrong_state", `nothing of ${owner}'s waits to be withdrawn`);
  await requireTime(chain, unlocksAt, `${format(amount)} can be completed`);
  const txHash = await completeWithdrawal(sender, { vault: at("vault"), token, owner });
  if (isNative) await unwrapNative(sender, { wrapper: token, amount });
  return { text: `withdrew ${format(amount)} to ${owner}`, txHash, facts: { owner, amount } };
}
