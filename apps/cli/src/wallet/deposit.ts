import { type ChainSender, deposit as depositToVault, depositNative, depositWithPermit, signPermit } from "@stoa/chain";
import { type Hash, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { chainTime } from "../contracts/chain-time.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import { requireInWallet } from "../contracts/require-in-wallet.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { native, parseNative } from "../terminal/native.ts";
import { positive } from "../terminal/positive.ts";

/** Seconds a permit of the command's own is good for. */
const PERMIT_SECONDS = 3_600;

interface Options extends ChainOptions {
  native?: boolean;
  testMoney?: boolean;
}

const NOTES = `
In one transaction, by a permit, where the token has those (EIP-2612 and EIP-5267), else in two. --native wraps the
chain's own coin first; orders use it where the market settles in that wrapper.
`;

export function deposit(cli: Cli): Command {
  const examples = ["stoa wallet deposit 5 --test-money", "stoa wallet deposit 0.5 --native"];
  return contractVerb("deposit", "move money from your wallet into the vault, asking no server", examples, NOTES)
    .argument("<amount>", "how much of the market's token, such as 5 or 0.25; of the chain's coin with --native")
    .option("--native", "deposit the chain's own coin, wrapped")
    .option("--test-money", "on a local chain: make the amount, and gas, first")
    .action((amount: string, _options: unknown, self: Command) => run(cli, amount, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: Options): Promise<void> {
  const contracts = await openContracts(cli, options);
  const sender = await contracts.sender();
  if (options.native === true) return await wrapped(cli, { text, contracts, sender });
  const { token, money } = contracts;
  const amount = positive(money.parse(text), text);
  await requireInWallet(sender, { token, amount, money, what: "the deposit is", testMoney: options.testMoney });
  cli.terminal.waiting(`depositing ${money.format(amount)}`);
  const txHash = await permitted(contracts, sender, amount);
  const owner = sender.address;
  tellSent(cli, { text: `deposited ${money.format(amount)} for ${owner}`, txHash, facts: { owner, amount } });
}

async function permitted(contracts: OpenedContracts, sender: ChainSender, amount: bigint): Promise<Hash> {
  const { chain, at, token } = contracts;
  const deposits = at("deposits");
  const deadline = BigInt(Math.floor((await chainTime(chain)) / 1_000) + PERMIT_SECONDS);
  const permit = await signPermit(chain, await contracts.wallet(), { deposits, token, amount, deadline }).catch(
    (error: unknown) => {
      // A token without permits is approved to the vault as ever.
      if (error instanceof StoaError && error.code === "chain_rejected") return null;
      throw error;
    },
  );
  if (permit === null) return await depositToVault(sender, { vault: at("vault"), token, amount });
  return await depositWithPermit(sender, deposits, permit);
}

async function wrapped(
  cli: Cli,
  { text, contracts, sender }: { text: string; contracts: OpenedContracts; sender: ChainSender },
): Promise<void> {
  const { chain, at, token, money } = contracts;
  const amount = positive(parseNative(text), text);
  const owner = sender.address;
  const held = await chain.client.getBalance({ address: owner });
  if (held <= amount) {
    throw new StoaError(
      "insufficient_funds",
      `the wallet ${owner} holds ${native(held)}, the deposit is ${native(amount)}`,
    );
  }
  cli.terminal.waiting(`depositing ${native(amount)}`);
  const wrapper = at("wrapper");
  const txHash = await depositNative(sender, { deposits: at("deposits"), amount });
  const settlesInIt = wrapper.toLowerCase() === token.toLowerCase();
  tellSent(cli, {
    text: `deposited ${native(amount)} for ${owner}`,
    txHash,
    facts: { owner, amount, token: wrapper },
    ...(settlesInIt ? {} : { hint: `The market's orders settle in ${money.format(0n).slice(2)}, not in this.` }),
  });
}
