import {
  channelOf,
  closeChannel,
  completeChannelClose,
  type PaymentChannel,
  requestChannelClose,
  type SignedVoucher,
} from "@stoa/chain";
import { parseHash, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { chainTime } from "../contracts/chain-time.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts, type OpenedContracts } from "../contracts/open-contracts.ts";
import { requireTime } from "../contracts/require-time.ts";
import { type Sent, tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { readVouchers } from "./read-vouchers.ts";

interface Options extends ChainOptions {
  voucher?: string;
}

const HELP = `
The payee closes at once, with its newest voucher. The payer asks to close first: the payee has the channel's delay to
redeem, then the same command closes it. An expired channel anyone closes.
`;

export function close(cli: Cli): Command {
  const examples = ["stoa channel close 0xCHANNEL", "stoa channel close 0xCHANNEL --voucher voucher.json"];
  return contractVerb("close", "close a channel, or ask to, whichever is yours to do", examples, HELP)
    .argument("<channel>", "the channel's id")
    .option("--voucher <file>", "as the payee: the newest voucher; - for standard input")
    .action((channel: string, _options: unknown, self: Command) => run(cli, channel, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: Options): Promise<void> {
  const channelId = parseHash(text, "<channel>");
  const vouchers = options.voucher === undefined ? [] : await readVouchers(cli, options.voucher);
  const contracts = await openContracts(cli, options);
  const channel = await channelOf(contracts.chain, contracts.at("channels"), channelId);
  if (channel.state === "closed") throw new StoaError("wrong_state", `channel ${channelId} is closed`);
  const { address } = await contracts.wallet();
  cli.terminal.waiting("closing the channel");
  if (address === channel.payee) return tellSent(cli, await closeAsPayee(contracts, channel, vouchers));
  if (vouchers.length > 0)
    throw new StoaError("forbidden", `${channel.payee} closes with a voucher, the wallet is ${address}`);
  const isOver = channel.expiresAt !== null && channel.expiresAt <= (await chainTime(contracts.chain));
  const mayAsk = channel.state === "open" && !isOver && address === channel.payer;
  tellSent(cli, await (mayAsk ? ask(contracts, channel) : complete(contracts, channel)));
}

async function closeAsPayee(
  contracts: OpenedContracts,
  channel: PaymentChannel,
  vouchers: readonly SignedVoucher[],
): Promise<Sent> {
  const { channelId, redeemed, token } = channel;
  const voucher =
    vouchers.filter((each) => each.channelId === channelId).toSorted((a, b) => (a.amount > b.amount ? -1 : 1))[0] ??
    null;
  if (voucher === null && vouchers.length > 0)
    throw new StoaError("invalid_request", `none of the ${vouchers.length} vouchers is of channel ${channelId}`);
  const [sender, money] = [await contracts.sender(), await contracts.moneyIn(token)];
  const txHash = await closeChannel(sender, { channels: contracts.at("channels"), channelId, voucher });
  const paid = (voucher?.amount ?? redeemed) - redeemed;
  return {
    text: `closed: ${money.format(paid)} more for you, and what was due to you is in your wallet`,
    txHash,
    facts: { channelId, state: "closed", paid },
  };
}

async function ask(contracts: OpenedContracts, { channelId }: PaymentChannel): Promise<Sent> {
  const channels = contracts.at("channels");
  const txHash = await requestChannelClose(await contracts.sender(), { channels, channelId });
  const { state, closesAt } = await channelOf(contracts.chain, channels, channelId);
  return {
    text: `asked to close; the payee can redeem until ${instant(closesAt)}`,
    txHash,
    facts: { channelId, state, closesAt: instant(closesAt) },
    hint: `Then the same command closes it: stoa channel close ${channelId}`,
  };
}

async function complete(contracts: OpenedContracts, channel: PaymentChannel): Promise<Sent> {
  const { channelId, closesAt, expiresAt, payer, funds, redeemed, token } = channel;
  const from = Math.min(closesAt ?? Infinity, expiresAt ?? Infinity);
  if (from === Infinity)
    throw new StoaError(
      "forbidden",
      `only its payer ${payer} asks to close channel ${channelId}, and its payee closes it`,
    );
  await requireTime(contracts.chain, from, `channel ${channelId} can be closed`);
  const sender = await contracts.sender();
  const txHash = await completeChannelClose(sender, { channels: contracts.at("channels"), channelId });
  const returned = funds - redeemed;
  return {
    text: `closed: ${(await contracts.moneyIn(token)).format(returned)} are credited to ${payer}`,
    txHash,
    facts: { channelId, state: "closed", returned },
    hint: "The payer fetches it with stoa channel withdraw",
  };
}
