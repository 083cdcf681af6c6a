import { completeWithdrawal, tokenBalance, vaultBalance } from "@stoa/chain";
import { until } from "@stoa/local";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PATIENCE_MS } from "./boot-market.ts";
import { auctionTask } from "./story/auction-task.ts";
import { disputeTask } from "./story/dispute-task.ts";
import { refundAfterExpiry, releaseByItself } from "./story/escrow-two-tasks.ts";
import { ledgerAndChain } from "./story/ledger-and-chain.ts";
import { openStory, type Story } from "./story/open-story.ts";
import { payByVouchers } from "./story/pay-by-vouchers.ts";
import { buyAndUseAccess, rateTask } from "./story/rate-and-subscribe.ts";
import { settleTenTasks } from "./story/settle-ten-tasks.ts";
import { tellInAStorm } from "./story/tell-in-a-storm.ts";

/** The money a market settles, told from the first deposit to the last withdrawal: calm first, then in a storm. */
let story: Story;
/** An agent that was rated for settled work. */
let agentId: bigint;

beforeAll(async () => void (story = await openStory()), 3 * PATIENCE_MS);
afterAll(() => story?.[Symbol.asyncDispose](), 2 * PATIENCE_MS);

it(
  "money is deposited, pays ten tasks in one batch, and one of them is rated by who paid for it",
  async () => {
    const tasks = await settleTenTasks(story, { end: () => story.booted.market.server.stop() });
    agentId = await rateTask(story, tasks[0]!);
    expect(await ledgerAndChain(story)).toEqual([]);
  },
  2 * PATIENCE_MS,
);

it("an escrowed task is released by itself, another is refunded after its expiry", async () => {
  expect(await releaseByItself(story)).toBe("released");
  expect(await refundAfterExpiry(story)).toBe("refunded");
});

it("a task disputed with evidence is ruled for the requester, the bond comes back, the node's stake is slashed", async () => {
  await disputeTask(story);
  expect(await ledgerAndChain(story), "the ledger follows what the ruling took").toEqual([]);
});

it("of three bidders on chain one does not reveal; the winner is paid from the escrow the auction funds", async () => {
  expect(await auctionTask(story)).toBe("released");
});

it("a channel of a thousand vouchers is closed in one transaction", async () => {
  expect(await payByVouchers(story)).toBe("closed");
});

it("access to an agent is bought and used", async () => {
  expect(await buyAndUseAccess(story, agentId)).toBe(true);
});

it(
  "all of it again while the chain turns and the server is killed, and the ledger is the chain to the unit",
  async () => expect(await tellInAStorm(story)).toEqual([]),
  4 * PATIENCE_MS,
);

it(
  "what was to be withdrawn is paid out once its delay is over, and the ledger is still the chain to the unit",
  async () => {
    const { booted, requester, later, now } = story;
    const { chain, book } = booted.market;
    const { vault, token } = book;
    const { withdrawing, unlocksAt } = await vaultBalance(chain, vault, requester.address, token);
    const wallet = await tokenBalance(chain, token, requester.address);
    await later(unlocksAt! / 1_000 - (await now()));
    await completeWithdrawal(requester.sender, { vault, token, owner: requester.address });
    expect(await tokenBalance(chain, token, requester.address)).toBe(wallet + withdrawing);
    await until("the account to be paid out", PATIENCE_MS, async () => {
      await story.weather.mine(1);
      return BigInt((await booted.market.client.account.get()).balances.withdrawing) === 0n;
    });
    expect(await ledgerAndChain(story)).toEqual([]);
  },
  2 * PATIENCE_MS,
);
