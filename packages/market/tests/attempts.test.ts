import type { RetryPolicy } from "@stoa/protocol";
import { findTask, listAllEvents, listAwardsOfTask, sumBalances } from "@stoa/store";
import {
  createMarketFixture,
  databaseKinds,
  type FixtureNode,
  type MarketFixture,
  randomKey,
  type TestDatabase,
} from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

const HELD = 100_000n;

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));

  async function setup(retry: RetryPolicy) {
    const market = await createMarketFixture({ database: opened.database });
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester, { spec: { retry } });
    const task = async () => (await findTask(opened.database, taskId))!;
    const balances = () => sumBalances(opened.database, requester.address);
    const told = async () =>
      (await listAllEvents(opened.database, 0, 100_000)).flatMap(({ type, data }) =>
        "taskId" in data && data.taskId === taskId ? [type] : [],
      );
    /** One attempt on a node, up to its agent's failure. */
    async function failAttempt(by: FixtureNode = node) {
      await market.round([[by, 5_000n]]);
      await market.start(taskId, by);
      const { hash: awardHash } = await market.award(taskId);
      const failure = { taskId, node: by.key.address, awardHash, reason: "crashed", message: "it threw" };
      await market.market.failExecution(failure);
      return failure;
    }
    return { market, requester, node, taskId, task, balances, told, failAttempt };
  }

  test("an agent that fails twice and then works is paid once, and for the attempt that worked", async () => {
    const { market, requester, node, taskId, task, balances, told, failAttempt } = await setup({
      maxAttempts: 3,
      backoffSeconds: 10,
    });
    await failAttempt();
    expect(await task()).toMatchObject({ state: "open", attempts: 1, notBefore: market.now() + 10_000 });
    market.advance(10_000);
    await market.market.resumeTask(taskId);
    await failAttempt();
    expect(await task(), "the second pause is twice as long").toMatchObject({ notBefore: market.now() + 20_000 });
    expect(await balances(), "what is held stays held").toMatchObject({ available: 100_000n, held: HELD });
    market.advance(20_000);
    await market.market.resumeTask(taskId);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    const { charge } = await market.accept(taskId, requester);
    expect(await task()).toMatchObject({ state: "settled", attempts: 2 });
    expect(await balances()).toMatchObject({ available: 200_000n - charge, held: 0n });
    const awards = await listAwardsOfTask(opened.database, taskId);
    expect(awards.map(({ state }) => state)).toEqual(["failed", "failed", "delivered"]);
    const voided = await opened.database.query(
      "select to_requester + to_fault_pool as owed from damages where task_id = $1",
      [taskId],
    );
    expect(voided, "both failed awards are void on chain, at no cost").toEqual([{ owed: 0n }, { owed: 0n }]);
    expect(await told()).toEqual([
      "task.opened",
      ...[1, 2].flatMap(() => ["task.awarded", "task.running", "task.attempt_failed", "task.retried"]),
      "task.awarded",
      "task.running",
      "task.delivered",
      "task.settled",
      "task.accepted",
    ]);
  });

  test("a task is not offered before its pause is over, whoever asks", async () => {
    const { market, node, taskId, task, failAttempt } = await setup({ maxAttempts: 2, backoffSeconds: 60 });
    await failAttempt();
    market.advance(59_999);
    await market.market.resumeTask(taskId);
    await market.market.expireTask(taskId);
    expect(await task()).toMatchObject({ state: "open", attempts: 1, wakeAt: market.now() + 1 });
    await expect(market.openRound([node])).rejects.toThrow("no task waits");
    market.advance(1);
    await Promise.all([market.market.resumeTask(taskId), market.market.resumeTask(taskId)]);
    await market.round([[node, 5_000n]]);
    expect(await task()).toMatchObject({ state: "awarded", notBefore: null });
  });

  test("a failure said again after the same node holds the task again ends no second attempt", async () => {
    const { market, node, taskId, task, failAttempt } = await setup({ maxAttempts: 3, backoffSeconds: 0 });
    const failure = await failAttempt();
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await expect(market.market.failExecution(failure)).rejects.toMatchObject({ code: "not_assigned" });
    const { awardHash: _, ...unnamed } = failure;
    await expect(market.market.failExecution(unnamed)).rejects.toMatchObject({ code: "not_assigned" });
    expect(await task()).toMatchObject({ state: "running", attempts: 1 });
    await market.deliver(taskId, node);
  });

  test("when no attempt is left the task fails and is refunded to the unit", async () => {
    const { task, balances, told, failAttempt } = await setup({ maxAttempts: 2, backoffSeconds: 0 });
    await failAttempt();
    await failAttempt();
    expect(await task()).toMatchObject({ state: "failed", attempts: 2, outcome: { reason: "crashed" } });
    expect(await balances()).toMatchObject({ available: 200_000n, held: 0n });
    expect((await told()).at(-1)).toBe("task.failed");
  });

  test("a dead task is refunded like a failed one, keeps its failures, and is tried again under the same order", async () => {
    const { market, requester, node, taskId, task, balances, told, failAttempt } = await setup({
      maxAttempts: 2,
      backoffSeconds: 0,
      deadLetter: true,
    });
    await failAttempt();
    await failAttempt();
    expect(await task()).toMatchObject({ state: "dead", wakeAt: null, outcome: { kind: "unpaid", reason: "crashed" } });
    expect(await balances()).toMatchObject({ available: 200_000n, held: 0n });
    const kept = await listAwardsOfTask(opened.database, taskId);
    expect(kept.map(({ failure }) => failure?.reason)).toEqual(["crashed", "crashed"]);

    const asked = { taskId, requester: requester.address };
    const both = await Promise.allSettled([market.market.retryTask(asked), market.market.retryTask(asked)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await task()).toMatchObject({ state: "open", attempts: 0, retries: 1, outcome: null });
    expect(await balances()).toMatchObject({ available: 100_000n, held: HELD });

    await failAttempt();
    await failAttempt();
    expect(await task(), "it has all its attempts again, and no more").toMatchObject({ state: "dead" });
    expect(await balances()).toMatchObject({ available: 200_000n, held: 0n });
    await market.market.retryTask(asked);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    const { charge } = await market.accept(taskId, requester);
    expect(await balances()).toMatchObject({ available: 200_000n - charge, held: 0n });
    expect((await told()).filter((type) => type === "task.dead")).toHaveLength(2);
  });

  test("a dead task stays dead when its money is spent, its deadline too near, or its order taken back on chain", async () => {
    const { market, requester, taskId, task, failAttempt } = await setup({
      maxAttempts: 1,
      backoffSeconds: 0,
      deadLetter: true,
    });
    await failAttempt();
    const asked = { taskId, requester: requester.address };
    const refused = async (code: string) => {
      await expect(market.market.retryTask(asked)).rejects.toMatchObject({ code });
      expect(await task()).toMatchObject({ state: "dead", retries: 0 });
    };
    await expect(market.market.retryTask({ ...asked, requester: randomKey().address })).rejects.toMatchObject({
      code: "forbidden",
    });
    const other = await market.submit(requester, { maxPrice: 150_000n });
    await refused("insufficient_funds");
    await market.market.cancelTask({ taskId: other, requester: requester.address });
    market.advance(570_000);
    await refused("invalid_deadline");
    market.advance(-570_000);
    const { order } = await task();
    await market.vault({ type: "order_cancelled", requester: requester.address, nonce: BigInt(order.nonce) });
    await refused("nonce_used");
  });

  test("a dead task the chain settled all the same is not tried again", async () => {
    const { market, requester, taskId, task, failAttempt } = await setup({
      maxAttempts: 1,
      backoffSeconds: 0,
      deadLetter: true,
    });
    await failAttempt();
    await market.vault(await market.settledEvent(taskId));
    await expect(market.market.retryTask({ taskId, requester: requester.address })).rejects.toMatchObject({
      code: "wrong_state",
    });
    expect(await task()).toMatchObject({ state: "dead", retries: 0 });
  });

  test("a session key's limit holds over what is tried again", async () => {
    const market = await createMarketFixture({ database: opened.database });
    const requester = await market.requester(500_000n);
    const node = await market.node();
    const session = { key: randomKey(), limits: { maxTotal: 150_000n } };
    const retry = { maxAttempts: 1, backoffSeconds: 0, deadLetter: true };
    const taskId = await market.submit(requester, { session, spec: { retry } });
    await market.round([[node, 5_000n]]);
    const { hash: awardHash } = await market.award(taskId);
    const failure = { taskId, node: node.key.address, awardHash, reason: "crashed", message: "" };
    await market.market.failExecution(failure);
    const other = await market.submit(requester, { session });
    const asked = { taskId, requester: requester.address };
    await expect(market.market.retryTask(asked)).rejects.toMatchObject({ code: "session_key_limit" });
    await market.market.cancelTask({ taskId: other, requester: requester.address });
    // Both want what the key has left: together in one batch, one gets it.
    const again = await market.order(requester, { session });
    const both = await Promise.allSettled([market.market.retryTask(asked), market.market.submitTask(again)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("a node's fault counts as an attempt and is re-awarded at once; the last one ends the task", async () => {
    const { market, node, taskId, task, balances } = await setup({ maxAttempts: 2, backoffSeconds: 60 });
    const [second, third] = [await market.node(), await market.node()];
    await market.round([
      [node, 5_000n],
      [second, 6_000n],
      [third, 7_000n],
    ]);
    expect(await market.fault(taskId, "refused")).toEqual({ kind: "reawarded", node: second.key.address });
    expect(await task()).toMatchObject({ attempts: 1, notBefore: null });
    // The third's bid stands, but the order allows two attempts.
    expect(await market.fault(taskId, "not_started")).toEqual({ kind: "failed" });
    expect(await task()).toMatchObject({ state: "failed", outcome: { reason: "not_started" } });
    expect(await balances()).toMatchObject({ held: 0n });
  });

  test("a fault without another bidder waits for a new round while attempts are left, and is kept when none is", async () => {
    const { market, node, taskId, task } = await setup({ maxAttempts: 2, backoffSeconds: 60, deadLetter: true });
    await market.round([[node, 5_000n]]);
    expect(await market.fault(taskId, "refused")).toEqual({ kind: "reopened" });
    await market.round([[node, 5_000n]]);
    expect(await market.fault(taskId, "refused")).toEqual({ kind: "dead" });
    expect(await task()).toMatchObject({ state: "dead", attempts: 2 });
  });

  test("the deadline beats the attempts that are left", async () => {
    const { task, balances, failAttempt } = await setup({ maxAttempts: 9, backoffSeconds: 600 });
    await failAttempt();
    expect(await task(), "its pause would end with its deadline").toMatchObject({ state: "failed", attempts: 1 });
    expect(await balances()).toMatchObject({ available: 200_000n, held: 0n });
  });

  test("a task can be taken back during its pause", async () => {
    const { market, requester, taskId, task, balances, failAttempt } = await setup({
      maxAttempts: 2,
      backoffSeconds: 60,
    });
    await failAttempt();
    await market.market.cancelTask({ taskId, requester: requester.address });
    market.advance(60_000);
    await market.market.resumeTask(taskId);
    expect(await task()).toMatchObject({ state: "cancelled", wakeAt: null, notBefore: null });
    expect(await balances()).toMatchObject({ available: 200_000n, held: 0n });
  });

  test("a process that opens the market again keeps the pauses that were running", async () => {
    const { market, node, taskId, task, failAttempt } = await setup({ maxAttempts: 2, backoffSeconds: 60 });
    await failAttempt();
    const again: MarketFixture = market.reopen(kind.shared ? await opened.another() : opened.database);
    market.advance(30_000);
    await again.market.resumeTask(taskId);
    await expect(again.openRound([node])).rejects.toThrow("no task waits");
    market.advance(30_000);
    await again.market.resumeTask(taskId);
    await again.round([[node, 5_000n]]);
    expect(await task()).toMatchObject({ state: "awarded" });
  });
});
