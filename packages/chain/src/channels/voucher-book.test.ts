import { type Hash, signingAccount } from "@stoa/protocol";
import { expect, test } from "vitest";
import type { PaymentChannel } from "./channel-of.ts";
import { signVoucher } from "./sign-voucher.ts";
import { createVoucherBook } from "./voucher-book.ts";

const HOUR = 3_600_000;
const START = 1_800_000_000_000;
const key = signingAccount(`0x${"11".repeat(32)}`);
const other = signingAccount(`0x${"22".repeat(32)}`);
const payee = `0x${"33".repeat(20)}` as const;
const contract = { chainId: 1, channels: `0x${"44".repeat(20)}` as const };
const channelId: Hash = `0x${"55".repeat(32)}`;

const open: PaymentChannel = {
  channelId,
  state: "open",
  payer: other.address,
  payee,
  token: `0x${"66".repeat(20)}`,
  signer: key.address,
  closeDelaySeconds: 7_200,
  expiresAt: null,
  closesAt: null,
  funds: 1_000n,
  redeemed: 0n,
};

function setup(channel: Partial<PaymentChannel> = {}) {
  const clock = { now: START };
  const book = createVoucherBook({ ...contract, payee, now: () => clock.now });
  book.follow({ ...open, ...channel }, START);
  return { book, clock };
}

const voucher = (amount: bigint, signer = key) => signVoucher(signer, contract, { channelId, amount });
const refused = (why: string) => ({ code: "voucher_refused", message: expect.stringContaining(why) });

test("each voucher must pay the price on top of the one before", async () => {
  const { book } = setup();
  expect(book.newest(channelId)).toBeNull();
  const first = await voucher(100n);
  await book.accept(first, 100n);
  await expect(book.accept(first, 100n)).rejects.toMatchObject(refused("at least 200, got one of 100"));
  await expect(book.accept(await voucher(199n), 100n)).rejects.toMatchObject(refused("at least 200"));
  await expect(book.accept(first, 0n)).rejects.toMatchObject(refused("at least 101"));
  await book.accept(await voucher(200n), 100n);
  expect(book.paid(channelId)).toBe(200n);
  expect(book.newest(channelId)).toEqual(await voucher(200n));
});

test("of the same money offered many times at once, one is taken", async () => {
  const { book } = setup();
  const offers = await Promise.all(Array.from({ length: 20 }, () => voucher(100n)));
  const taken = await Promise.allSettled(offers.map((each) => book.accept(each, 100n)));
  expect(taken.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(book.paid(channelId)).toBe(100n);
});

test("what a channel does not hold, or another key signs, pays nothing", async () => {
  const { book } = setup();
  await expect(book.accept(await voucher(1_001n), 1n)).rejects.toMatchObject(refused("holds 1000"));
  await expect(book.accept(await voucher(1n, other), 1n)).rejects.toMatchObject({ code: "wrong_signature" });
  const elsewhere = await signVoucher(key, { ...contract, chainId: 2 }, { channelId, amount: 1n });
  await expect(book.accept(elsewhere, 1n)).rejects.toMatchObject({ code: "wrong_signature" });
  expect(book.newest(channelId)).toBeNull();
  book.follow({ ...open, funds: 1_001n }, START + 1);
  await book.accept(await voucher(1_001n), 1n);
});

test("what was redeemed counts as paid, though the book has no voucher for it", async () => {
  const { book } = setup({ redeemed: 300n });
  await expect(book.accept(await voucher(300n), 1n)).rejects.toMatchObject(refused("at least 301"));
  await book.accept(await voucher(350n), 50n);
  book.follow({ ...open, redeemed: 400n }, START + 1);
  expect(book.paid(channelId)).toBe(400n);
});

test("a channel that can soon be closed takes no more vouchers, and still takes them while it closes", async () => {
  for (const ends of [{ state: "closing", closesAt: START + HOUR } as const, { expiresAt: START + HOUR }]) {
    const { book, clock } = setup({ ...ends, closeDelaySeconds: 86_400 });
    await book.accept(await voucher(100n), 100n);
    clock.now = START + HOUR - 60_000;
    await expect(book.accept(await voucher(200n), 100n)).rejects.toMatchObject(refused("can be closed from"));
  }
  const { book } = setup({ state: "closed" });
  await expect(book.accept(await voucher(100n), 100n)).rejects.toMatchObject(refused("is closed"));
});

test("a channel nobody looked at for half its delay may be closing, so its vouchers wait", async () => {
  const { book, clock } = setup();
  clock.now = START + HOUR;
  await expect(book.accept(await voucher(100n), 100n)).rejects.toMatchObject(refused("was last looked at"));
  book.follow(open, START + HOUR);
  await book.accept(await voucher(100n), 100n);
});

test("news older than what is known changes nothing, and a voucher taken stays", async () => {
  const { book } = setup();
  await book.accept(await voucher(100n), 100n);
  book.follow({ ...open, funds: 50n }, START - 1);
  await book.accept(await voucher(200n), 100n);
  book.follow({ ...open, funds: 5_000n }, START + 1);
  expect(book.paid(channelId)).toBe(200n);
});

test("only channels that pay this payee are followed", async () => {
  const { book } = setup();
  expect(() => book.follow({ ...open, payee: other.address }, START)).toThrow(/pays 0x/);
  const strange = await signVoucher(key, contract, { channelId: `0x${"77".repeat(32)}`, amount: 1n });
  await expect(book.accept(strange, 1n)).rejects.toMatchObject({ code: "not_found" });
});
