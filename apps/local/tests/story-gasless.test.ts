import { completeWithdrawal, paymasterStatus, tokenBalance, vaultBalance } from "@stoa/chain";
import { until } from "@stoa/local";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PATIENCE_MS } from "./boot-market.ts";
import { patientClient } from "./requester.ts";
import { auctionTask } from "./story/auction-task.ts";
import { disputeTask } from "./story/dispute-task.ts";
import { refundAfterExpiry, releaseByItself } from "./story/escrow-two-tasks.ts";
import { ledgerAndChain } from "./story/ledger-and-chain.ts";
import { openStory, type Story } from "./story/open-story.ts";
import { payByVouchers } from "./story/pay-by-vouchers.ts";
import { buyAndUseAccess, rateTask } from "./story/rate-and-subscribe.ts";
import { settleTenTasks } from "./story/settle-ten-tasks.ts";
import { tellInAStorm } from "./story/tell-in-a-storm.ts";

/** The story once more, told by people of whom nobody ever has a wei: the market's server pays and brings all they send. */
let story: Story;

beforeAll(async () => void (story = await openStory({ isGasless: true })), 3 * PATIENCE_MS);
afterAll(() => story?.[Symbol.asyncDispose](), 2 * PATIENCE_MS);

it(
  "a user without ether deposits, has ten tasks paid in one batch, and rates and subscribes to who did them",
  async () => {
    const tasks = await settleTenTasks(story, { end: () => story.booted.market.server.stop() });
    expect(await buyAndUseAccess(story, await rateTask(story, tasks[0]!))).toBe(true);
    expect(await ledgerAndChain(story)).toEqual([]);
  },
  2 * PATIENCE_MS,
);

it("escrowed tasks without ether: one is released by itself, one refunded, one disputed and ruled", async () => {
  expect(await releaseByItself(story)).toBe("released");
  expect(await refundAfterExpiry(story)).toBe("refunded");
  await disputeTask(story);
});

it("bidders on chain and a channel's payer need no ether either", async () => {
  expect(await auctionTask(story)).toBe("released");
  expect(await payByVouchers(story)).toBe("closed");
});

it(
  "all of it again while the chain turns and the server that pays is killed",
  async () => expect(await tellInAStorm(story)).toEqual([]),
  4 * PATIENCE_MS,
);

it(
  "the user withdraws, nobody ever had a wei, the paymaster paid for all of it, and the ledger is the chain",
  async () => {
    const { booted, requester, later, now, people } = story;
    const { chain, book, url } = booted.market;
    const { vault, token, paymaster } = book;
    const { withdrawing, unlocksAt } = await vaultBalance(chain, vault, requester.address, token);
    const wallet = await tokenBalance(chain, token, requester.address);
    await later(unlocksAt! / 1_000 - (await now()));
    await completeWithdrawal(requester.sender, { vault, token, owner: requester.address });
    expect(withdrawing).toBeGreaterThan(0n);
    expect(await tokenBalance(chain, token, requester.address)).toBe(wallet + withdrawing);
    const client = patientClient(url, requester.signer);
    await until("the account to be paid out", PATIENCE_MS, async () => {
      await story.weather.mine(1);
      return BigInt((await client.account.get()).balances.withdrawing) === 0n;
    });
    expect(await ledgerAndChain(story)).toEqual([]);
    const balances = await Promise.all(people.map(({ address }) => chain.client.getBalance({ address })));
    expect(balances).toEqual(people.map(() => 0n));
    const { deposit, budgets } = await paymasterStatus(chain, paymaster);
    expect(deposit, "its first deposit is five days' budget").toBeLessThan(5n * budgets.perDay);
  },
  2 * PATIENCE_MS,
);
