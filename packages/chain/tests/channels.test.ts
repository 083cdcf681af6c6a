import { randomBytes } from "node:crypto";
import { encodeDeployData } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  channelIdOf,
  channelOf,
  channelsAbi,
  type ChannelTerms,
  closeChannel,
  completeChannelClose,
  createVoucherBook,
  dueTo,
  openChannel,
  openChannelWithAuthorization,
  redeemVoucher,
  redeemVouchers,
  requestChannelClose,
  signDeposit,
  type SignedVoucher,
  signVoucher,
  tokenBalance,
  topUpChannel,
  withdrawDue,
} from "@stoa/chain";
import { type Address, type Hash, hashTyped, signingAccount } from "@stoa/protocol";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { channelsBytecode } from "../src/generated/channels.ts";
import { deployContract } from "./deploy-contract.ts";

const DOLLAR = 1_000_000n;
const DAY = 86_400;
let world: MarketChain;
let channels: Address;

beforeAll(async () => {
  world = await startMarketChain();
  const args = [world.operator.address] as const;
  channels = await deployContract(
    world.sender,
    encodeDeployData({ abi: channelsAbi, bytecode: channelsBytecode, args }),
  );
});
afterAll(() => world[Symbol.asyncDispose]());

const word = (): Hash => `0x${randomBytes(32).toString("hex")}`;
const contract = () => ({ chainId: world.chain.chainId, channels });

/** A payer with a channel to a payee, and the key that signs its vouchers. */
async function setup(funds = 10n * DOLLAR) {
  const [payer, payee, key] = [await world.fundedAccount(100n), await world.fundedAccount(0n), signingAccount(word())];
  const terms = {
    payee: payee.account.address,
    token: world.market.token,
    signer: key.address,
    closeDelaySeconds: DAY,
    expiresAt: null,
    salt: word(),
  };
  const channelId = await openChannel(payer.sender, { channels, amount: funds, terms });
  const pay = (amount: bigint) => signVoucher(key, contract(), { channelId, amount });
  return { payer, payee, key, terms, channelId, pay };
}

const walletOf = (owner: Address) => tokenBalance(world.chain, world.market.token, owner);

async function later(seconds: number): Promise<void> {
  await callAnvil(world.anvil, "evm_increaseTime", [seconds]);
  await callAnvil(world.anvil, "evm_mine");
}

it("a thousand vouchers, each checked before the next is owed, are closed in one transaction", async () => {
  const { payer, payee, channelId, pay } = await setup();
  const book = createVoucherBook({ ...contract(), payee: payee.account.address });
  book.follow(await channelOf(world.chain, channels, channelId), Date.now());
  const price = 5_000n;
  for (let call = 1n; call <= 1_000n; call += 1n) await book.accept(await pay(call * price), price);
  const newest = book.newest(channelId) as SignedVoucher;
  const sentBefore = await world.chain.client.getTransactionCount({ address: payee.account.address });
  await closeChannel(payee.sender, { channels, channelId, voucher: newest });
  expect(await world.chain.client.getTransactionCount({ address: payee.account.address })).toBe(sentBefore + 1);
  expect(await walletOf(payee.account.address)).toBe(1_000n * price);
  await withdrawDue(world.sender, { contract: channels, token: world.market.token, owner: payer.account.address });
  expect(await walletOf(payer.account.address)).toBe(100n * DOLLAR - 1_000n * price);
  expect(await channelOf(world.chain, channels, channelId)).toMatchObject({
    state: "closed",
    redeemed: 1_000n * price,
  });
});

it("the contract hashes a voucher as its signer does, and numbers a channel as its parties do", async () => {
  const { payer, terms, channelId } = await setup();
  const whole: ChannelTerms = { ...terms, payer: payer.account.address, expiresAt: 1_900_000_000_000 };
  const call = { address: channels, abi: channelsAbi } as const;
  const tuple = { ...whole, closeDelay: BigInt(DAY), expiresAt: 1_900_000_000n };
  expect(await world.chain.client.readContract({ ...call, functionName: "channelIdOf", args: [tuple] })).toBe(
    channelIdOf(world.chain.chainId, channels, whole),
  );
  for (const amount of [0n, 1n, 2n ** 128n - 1n, 2n ** 256n - 1n]) {
    const domain = { chainId: world.chain.chainId, vault: channels };
    expect(
      await world.chain.client.readContract({ ...call, functionName: "voucherDigest", args: [channelId, amount] }),
    ).toBe(hashTyped(domain, "Voucher", { channelId, amount }));
  }
});

it("a payer that closes leaves its payee the delay, and has the rest back after it", async () => {
  const { payer, payee, channelId, pay } = await setup();
  await redeemVoucher(world.sender, channels, await pay(2n * DOLLAR));
  await requestChannelClose(payer.sender, { channels, channelId });
  await expect(completeChannelClose(payer.sender, { channels, channelId })).rejects.toMatchObject({
    code: "chain_rejected",
    details: { error: "NotClosable" },
  });
  await redeemVoucher(payee.sender, channels, await pay(3n * DOLLAR));
  await later(DAY);
  await completeChannelClose(world.sender, { channels, channelId });
  const { token } = world.market;
  expect(await dueTo(world.chain, channels, { owner: payee.account.address, token })).toBe(3n * DOLLAR);
  expect(await dueTo(world.chain, channels, { owner: payer.account.address, token })).toBe(7n * DOLLAR);
  const late = redeemVoucher(payee.sender, channels, await pay(4n * DOLLAR));
  await expect(late).rejects.toMatchObject({ details: { error: "WrongState" } });
});

it("the newest vouchers of many channels are claimed at once, and a bad one is left out with its reason", async () => {
  const [first, second, third] = [await setup(), await setup(), await setup()];
  const bad = { ...(await second.pay(DOLLAR)), amount: 2n * DOLLAR };
  const claimed = await redeemVouchers(world.sender, channels, [await first.pay(DOLLAR), bad, await third.pay(DOLLAR)]);
  expect(claimed.paid).toEqual([
    { channelId: first.channelId, amount: DOLLAR },
    { channelId: third.channelId, amount: DOLLAR },
  ]);
  expect(claimed.skipped).toEqual([
    { channelId: second.channelId, reason: expect.stringContaining(`WrongSigner(${second.channelId}`) },
  ]);
});

it("a channel is opened by its payer's word alone, without gas of the payer's, and topped up by anyone", async () => {
  const payer = await world.fundedAccount(5n);
  await callAnvil(world.anvil, "anvil_setBalance", [payer.account.address, "0x0"]);
  const key = signingAccount(word());
  const terms: ChannelTerms = {
    payer: payer.account.address,
    payee: world.arbiter.address,
    token: world.market.token,
    signer: key.address,
    closeDelaySeconds: DAY,
    expiresAt: null,
    salt: word(),
  };
  const channelId = channelIdOf(world.chain.chainId, channels, terms);
  const { timestamp } = await world.chain.client.getBlock();
  const authorization = await signDeposit(world.chain, payer.account, channels, {
    token: terms.token,
    amount: 5n * DOLLAR,
    validAfter: 0n,
    validBefore: timestamp + 3_600n,
    nonce: channelId,
  });
  const stolen = { ...terms, payee: world.operator.address };
  await expect(
    openChannelWithAuthorization(world.sender, channels, { terms: stolen, authorization }),
  ).rejects.toMatchObject({ code: "chain_rejected" });
  expect(await openChannelWithAuthorization(world.sender, channels, { terms, authorization })).toBe(channelId);
  const friend = await world.fundedAccount(1n);
  await topUpChannel(friend.sender, { channels, channelId, amount: DOLLAR });
  const { salt: _salt, ...rest } = terms;
  expect(await channelOf(world.chain, channels, channelId)).toEqual({
    ...rest,
    channelId,
    state: "open",
    closesAt: null,
    funds: 6n * DOLLAR,
    redeemed: 0n,
  });
});

it("a channel without vouchers is closed by its payee, and one that is not there is not found", async () => {
  const { payer, payee, channelId } = await setup();
  await closeChannel(payee.sender, { channels, channelId, voucher: null });
  const due = { owner: payer.account.address, token: world.market.token };
  expect(await dueTo(world.chain, channels, due)).toBe(10n * DOLLAR);
  await expect(channelOf(world.chain, channels, word())).rejects.toMatchObject({ code: "not_found" });
});
