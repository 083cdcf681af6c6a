import type { Address, TaskId } from "@stoa/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { available, type LedgerAccount } from "./accounts.ts";
import { Book } from "./book.ts";
import { entriesOf, holdPosting, releasePosting, settlePosting, splitHold } from "./postings.ts";

const people = ["0xA1", "0xB2", "0xC3", "0xD4"] as Address[];
const [requester, payout, creator] = people as [Address, Address, Address, Address];

test("whatever is posted, the entries sum to zero and no one falls below zero", () => {
  const account = fc.constantFrom<LedgerAccount>("chain", "platform", ...people.map(available));
  const transfer = fc.record({ from: account, to: account, amount: fc.bigInt({ min: 1n, max: 1_000n }) });
  fc.assert(
    fc.property(fc.array(fc.array(transfer, { minLength: 1, maxLength: 4 }), { maxLength: 60 }), (batches) => {
      const book = new Book([
        [available(requester), 2_000n],
        ["chain", -2_000n],
      ]);
      batches.forEach((transfers, i) => {
        const posting = { id: `p${i}`, kind: "settle" as const, taskId: null, transfers };
        if (book.shortfall(posting)) expect(() => book.post(posting)).toThrow(RangeError);
        else book.post(posting);
      });
      const accounts: LedgerAccount[] = ["chain", "platform", ...people.map(available)];
      expect(accounts.reduce((sum, name) => sum + book.balance(name), 0n)).toBe(0n);
      for (const name of accounts) if (name !== "chain") expect(book.balance(name)).toBeGreaterThanOrEqual(0n);
      for (const posting of book.applied) {
        expect(entriesOf(posting).reduce((sum, entry) => sum + entry.amount, 0n)).toBe(0n);
      }
    }),
  );
});

test("a split gives away exactly the hold, for every price and fee", () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 12n),
      fc.bigInt(0n, 10n ** 6n),
      fc.integer({ min: 0, max: 1_000 }),
      fc.bigInt(0n, 10n ** 6n),
      (price, royaltyWish, feeBps, slack) => {
        const royalty = royaltyWish > price ? price : royaltyWish;
        const maxPrice = price + (price * BigInt(feeBps)) / 10_000n + slack;
        const split = splitHold({ maxPrice, price, royalty, feeBps });
        expect(split.payment + split.royalty + split.fee + split.refund).toBe(maxPrice);
        expect(split.refund).toBe(slack);
      },
    ),
  );
});

test("a settled hold pays node, creator and platform, and refunds the rest", () => {
  const taskId = "0x01" as TaskId;
  const book = new Book([[available(requester), 100n]]);
  book.post(holdPosting(taskId, requester, 100n));
  expect(book.shortfall(holdPosting("0x02" as TaskId, requester, 1n))).toMatchObject({ balance: 0n, needed: 1n });
  book.post(
    settlePosting(
      taskId,
      { requester, payout, creator },
      splitHold({ maxPrice: 100n, price: 50n, royalty: 10n, feeBps: 200 }),
    ),
  );
  expect([requester, payout, creator].map((who) => book.balance(available(who)))).toEqual([49n, 40n, 10n]);
  expect(book.balance("platform")).toBe(1n);
  expect(book.shortfall(releasePosting(taskId, requester, 100n))).toBeDefined();
});
