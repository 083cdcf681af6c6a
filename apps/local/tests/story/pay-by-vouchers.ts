import { randomBytes } from "node:crypto";
import {
  channelOf,
  type ChannelState,
  closeChannel,
  createVoucherBook,
  openChannel,
  signVoucher,
  tokenBalance,
  withdrawDue,
} from "@stoa/chain";
import { signingAccount } from "@stoa/protocol";
import { erc20Abi, parseEventLogs } from "viem";
import { expect } from "vitest";
import { DAY, DOLLAR, type Story } from "./open-story.ts";

const VOUCHERS = 1_000;
const PRICE = 5_000n;
const FUNDS = 10n * DOLLAR;

const word = () => `0x${randomBytes(32).toString("hex")}` as const;

/** A thousand calls are each paid by a voucher of their own, and the channel is closed in one transaction. */
export async function payByVouchers({ booted, requester, newcomer }: Story): Promise<ChannelState> {
  const { chain, book: at } = booted.market;
  const { channels, token } = at;
  const payee = await newcomer(0n);
  const contract = { chainId: chain.chainId, channels };
  const before = await tokenBalance(chain, token, requester.address);
  const key = signingAccount(word());
  const terms = {
    payee: payee.address,
    token,
    signer: key.address,
    closeDelaySeconds: DAY,
    expiresAt: null,
    salt: word(),
  };
  const channelId = await openChannel(requester.sender, { channels, amount: FUNDS, terms });
  const vouchers = createVoucherBook({ ...contract, payee: payee.address });
  vouchers.follow(await channelOf(chain, channels, channelId), Date.now());
  for (let call = 1; call <= VOUCHERS; call += 1) {
    const amount = BigInt(call) * PRICE;
    await vouchers.accept(await signVoucher(key, contract, { channelId, amount }), PRICE);
  }
  const txHash = await closeChannel(payee.sender, { channels, channelId, voucher: vouchers.newest(channelId) });
  const { logs } = await chain.client.getTransactionReceipt({ hash: txHash });
  const transfers = parseEventLogs({ abi: erc20Abi, logs, eventName: "Transfer", args: { to: payee.address } });
  expect(
    transfers.map(({ args }) => args.value),
    "one transaction pays all",
  ).toEqual([BigInt(VOUCHERS) * PRICE]);
  expect(await tokenBalance(chain, token, payee.address)).toBe(BigInt(VOUCHERS) * PRICE);
  await withdrawDue(requester.sender, { contract: channels, token });
  expect(await tokenBalance(chain, token, requester.address)).toBe(before - BigInt(VOUCHERS) * PRICE);
  return (await channelOf(chain, channels, channelId)).state;
}
