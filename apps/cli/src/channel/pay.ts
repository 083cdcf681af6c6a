import { channelOf, type PaymentChannel, signVoucher, type SignedVoucher } from "@stoa/chain";
import { lockFolder } from "@stoa/host";
import { type Hash, parseHash, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { positive } from "../terminal/positive.ts";
import { writeVoucher } from "./parse-vouchers.ts";
import { newestVoucher, saveVoucher, voucherFolder } from "./voucher-file.ts";

export function pay(cli: Cli): Command {
  return contractVerb("pay", "sign a voucher that pays so much on top of all before; give it to the payee", [
    "stoa channel pay 0xCHANNEL 0.25 > voucher.json",
  ])
    .argument("<channel>", "the channel's id")
    .argument("<amount>", "how much to pay now")
    .action((channel: string, amount: string, _options: unknown, self: Command) =>
      run(cli, { channel, amount }, self.optsWithGlobals()),
    );
}

async function run(cli: Cli, given: { channel: string; amount: string }, options: ChainOptions): Promise<void> {
  const { terminal } = cli;
  const channelId = parseHash(given.channel, "<channel>");
  const contracts = await openContracts(cli, options);
  const channel = await channelOf(contracts.chain, contracts.at("channels"), channelId);
  const money = await contracts.moneyIn(channel.token);
  const price = positive(money.parse(given.amount), given.amount);
  // Two at once would sign the same sum, and the payee would be paid for one.
  const lock = await lockFolder(voucherFolder(contracts, channelId));
  try {
    const { before, voucher } = await sign(contracts, channel, price);
    await saveVoucher(contracts, voucher);
    // For both readers alike: a voucher is handed over as it is printed.
    terminal.printJsonLine(writeVoucher(voucher));
    const left = channel.funds - voucher.amount;
    terminal.note(
      terminal.err.dim(
        `${money.format(price)} on top of ${money.format(before)}: ${money.format(voucher.amount)} in all, ${money.format(left)} left`,
      ),
    );
  } finally {
    await lock[Symbol.asyncDispose]();
  }
}

async function sign(
  contracts: OpenedContracts,
  channel: PaymentChannel,
  price: bigint,
): Promise<{ before: bigint; voucher: SignedVoucher }> {
  const { channelId, state, signer, funds } = channel;
  if (state !== "open")
    throw new StoaError("wrong_state", `channel ${channelId} is ${state}: its payee takes no more vouchers`);
  const wallet = await contracts.wallet();
  if (wallet.address !== signer) {
    throw new StoaError(
      "invalid_configuration",
      `vouchers of channel ${channelId} are signed by ${signer}, the wallet is ${wallet.address}`,
    );
  }
  const before = await paidBefore(contracts, channel);
  const amount = before + price;
  if (amount > funds) {
    const money = await contracts.moneyIn(channel.token);
    throw new StoaError(
      "insufficient_funds",
      `the channel holds ${money.format(funds)}, of which ${money.format(before)} are signed away: add to it with stoa channel top-up ${channelId}`,
    );
  }
  const domain = { chainId: contracts.chain.chainId, channels: contracts.at("channels") };
  return { before, voucher: await signVoucher(wallet, domain, { channelId, amount }) };
}

/** Of what was signed here and what was redeemed, which another machine may have signed, the higher. */
async function paidBefore(
  contracts: OpenedContracts,
  { channelId, redeemed }: { channelId: Hash; redeemed: bigint },
): Promise<bigint> {
  const newest = await newestVoucher(contracts, channelId);
  return newest !== null && newest.amount > redeemed ? newest.amount : redeemed;
}
