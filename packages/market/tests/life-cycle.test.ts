import { verifyRecord, verifySupplement } from "@stoa/core";
import { findRecord, findTask, listAllEvents, listAwardsOfTask, loadSettlements, sumBalances } from "@stoa/store";
import { createMarketFixture, databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));
  const setup = () => createMarketFixture({ database: opened.database });

  test.each([
    ["the task is overdue", 60, 3_600],
    ["its bids have ended", 600, 60],
  ])("a round that is closed when %s, as after a long stop, awards nobody", async (_, dueSeconds, bidSeconds) => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const now = BigInt(Math.floor(market.now() / 1_000));
    const taskId = await market.submit(requester, { order: { deliverBy: now + BigInt(dueSeconds) } });
    const round = await market.openRound([node]);
    const expiresAt = now + BigInt(bidSeconds);
    await market.market.placeSheet(await market.sheet(round, node, 20_000n, { expiresAt }));
    market.advance(61_000);
    const closed = await market.market.closeRound(round.roundId, "window_elapsed");
    expect(closed).toMatchObject({ awarded: [] });
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "open", awardHash: null });
    expect(await sumBalances(opened.database, node.provider.address)).toMatchObject({ bonded: 0n });
    const { record } = (await findRecord(opened.database, round.roundId))!;
    expect(await verifyRecord(record)).toMatchObject({ ok: true });
  });

  test("a task goes from its order to its confirmed settlement, and the money goes where the round says", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const [cheap, dear] = [await market.node(), await market.node()];
    const taskId = await market.submit(requester, { maxPrice: 100_000n });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 100_000n,
      held: 100_000n,
    });

    const roundId = await market.round([
      [cheap, 20_000n],
      [dear, 30_000n],
    ]);
    const award = await market.award(taskId);
    expect(award).toMatchObject({
      node: cheap.key.address,
      ask: 20_000n,
      royalty: 1_000n,
      bond: 1_000n,
      state: "made",
    });
    // The second's cost, rounded down after a tie-break worth less than one unit.
    expect([30_999n, 31_000n]).toContain(award.price);
    const payment = award.price - 1_000n;
    const charge = award.price + 619n + (award.price === 31_000n ? 1n : 0n);
    expect(await sumBalances(opened.database, cheap.provider.address)).toMatchObject({
      staked: 999_000n,
      bonded: 1_000n,
    });

    await market.start(taskId, cheap);
    await market.deliver(taskId, cheap);
    const split = await market.accept(taskId, requester);
    expect(split).toEqual({ payment, royalty: 1_000n, fee: charge - award.price, charge, refund: 100_000n - charge });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 200_000n - charge,
      held: 0n,
    });
    expect(await sumBalances(opened.database, cheap.provider.address)).toMatchObject({
      available: payment,
      staked: 1_000_000n,
      bonded: 0n,
    });
    expect(await sumBalances(opened.database, market.creator.address)).toMatchObject({ available: 1_000n });

    const [pending] = await loadSettlements(opened.database, [taskId]);
    expect(pending).toMatchObject({ kind: "settle", state: "pending" });
    const txHash = `0x${"ab".repeat(32)}` as const;
    await market.market.markSettlements([{ taskId, state: "submitted", txHash, reason: null }]);
    await market.vault(await market.settledEvent(taskId));
    const [confirmed] = await loadSettlements(opened.database, [taskId]);
    expect(confirmed).toMatchObject({ kind: "settle", state: "confirmed" });

    const record = await findRecord(opened.database, roundId);
    expect(await verifyRecord(record?.record, { payments: true })).toMatchObject({ ok: true });
    const events = (await listAllEvents(opened.database, 0, 10_000)).filter(
      ({ data }) => "taskId" in data && data.taskId === taskId,
    );
    expect(events.map(({ type }) => type)).toEqual([
      "task.opened",
      "task.awarded",
      "task.running",
      "task.delivered",
      "task.settled",
      "task.accepted",
      "settlement.submitted",
      "settlement.confirmed",
    ]);
  });

  test("a cancelled task gives its hold back, and its open round awards nothing for it", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester);
    const round = await market.openRound([node]);
    await market.market.placeSheet(await market.sheet(round, node, 5_000n));
    await market.market.cancelTask({ taskId, requester: requester.address });
    await market.market.cancelTask({ taskId, requester: requester.address });
    const closed = await market.market.closeRound(round.roundId, "all_answered");
    expect(closed).toMatchObject({ awarded: [] });
    expect(await findTask(opened.database, taskId)).toMatchObject({
      state: "cancelled",
      outcome: { kind: "unpaid", reason: "cancelled" },
    });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 200_000n, held: 0n });
  });

  test("a task nobody takes says why, expires at its deadline and gives its hold back", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const nodes = [await market.node(), await market.node(), await market.node()] as const;
    const taskId = await market.submit(requester);
    await market.round([
      [nodes[0], "price_too_low"],
      [nodes[1], "price_too_low"],
      [nodes[2], 99_999n],
    ]);
    // Nodes of the tests before are there too: they host no agent for this one's capability.
    expect((await findTask(opened.database, taskId))?.unserved?.[0]).toEqual({ reason: "price_too_low", nodes: 3 });
    await market.market.expireTask(taskId);
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "open" });
    market.advance(600_000);
    await market.market.expireTask(taskId);
    await market.market.expireTask(taskId);
    expect(await findTask(opened.database, taskId)).toMatchObject({
      state: "expired",
      wakeAt: null,
      outcome: { reason: "expired", message: expect.stringMatching(/^no node took it: price too low \(3\)/) },
    });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 200_000n, held: 0n });
  });

  test("an agent that fails is not paid, its node owes nothing, and the requester is refunded in full", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    const stats = { wallMs: 12, logBytes: 0 };
    const failure = { taskId, node: node.key.address, reason: "memory_limit", message: "it asked for 65 MB", stats };
    await market.market.failExecution(failure);
    await market.market.failExecution(failure);
    expect(await findTask(opened.database, taskId)).toMatchObject({
      state: "failed",
      outcome: { reason: "memory_limit" },
    });
    expect(await market.award(taskId)).toMatchObject({ state: "failed", failure: { reason: "memory_limit" }, stats });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 200_000n, held: 0n });
    expect(await sumBalances(opened.database, node.provider.address)).toMatchObject({
      available: 0n,
      staked: 1_000_000n,
      bonded: 0n,
    });
    const { hash } = await market.award(taskId);
    // Of nothing, they void the award on chain: the node could claim it there otherwise.
    expect(
      await opened.database.query("select state, to_requester, to_fault_pool from damages where award_hash = $1", [
        hash,
      ]),
    ).toEqual([{ state: "pending", to_requester: 0n, to_fault_pool: 0n }]);
  });

  test("a node that dies while executing loses the task to the next best bid, and makes the requester whole", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const nodes = [await market.node(), await market.node(), await market.node()] as const;
    const taskId = await market.submit(requester, { maxPrice: 102_000n });
    const roundId = await market.round([
      [nodes[0], 20_000n],
      [nodes[1], 20_400n],
      [nodes[2], 20_900n],
    ]);
    await market.start(taskId, nodes[0]);
    const lost = await market.award(taskId);
    market.advance(1_000);
    expect(await market.fault(taskId, "not_delivered")).toEqual({ kind: "reawarded", node: nodes[1].key.address });
    // The price is now the third's cost instead of the second's: some 500 more, which who failed pays.
    const award = await market.award(taskId);
    const extra = award.price - lost.price;
    expect(extra).toBeGreaterThanOrEqual(499n);
    expect(extra).toBeLessThanOrEqual(501n);
    expect(await sumBalances(opened.database, nodes[0].provider.address)).toMatchObject({
      staked: 1_000_000n - extra,
      bonded: 0n,
    });
    const damages = await opened.database.query(
      "select to_requester, to_fault_pool, state from damages where task_id = $1",
      [taskId],
    );
    expect(damages).toEqual([{ to_requester: extra, to_fault_pool: 0n, state: "pending" }]);
    await market.start(taskId, nodes[1]);
    await market.deliver(taskId, nodes[1]);
    await market.accept(taskId, requester);
    const charge = award.price + (award.price * 200n) / 10_000n;
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 200_000n - charge + extra,
    });
    expect((await listAwardsOfTask(opened.database, taskId)).map(({ state }) => state)).toEqual([
      "faulted",
      "delivered",
    ]);
    const published = await findRecord(opened.database, roundId);
    expect(published?.supplements).toHaveLength(1);
    expect(await verifySupplement(published!.record, [], published?.supplements[0]?.record)).toMatchObject({
      ok: true,
    });
  });

  test("without another bidder a faulted task waits for a new round, and that round may serve it", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const [first, second] = [await market.node(), await market.node()];
    const taskId = await market.submit(requester);
    await market.round([[first, 5_000n]]);
    expect(await market.fault(taskId, "refused")).toEqual({ kind: "reopened" });
    expect(await findTask(opened.database, taskId)).toMatchObject({
      state: "open",
      awardHash: null,
      failedNodes: [first.key.address],
    });
    market.advance(1_000);
    await market.round([[second, 6_000n]]);
    expect(await market.award(taskId)).toMatchObject({ node: second.key.address });
  });

  test("without another bidder and without time a faulted task fails, and its hold goes back", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const [node, other] = [await market.node(), await market.node()];
    const taskId = await market.submit(requester);
    await market.round([
      [node, 5_000n],
      [other, 6_000n],
    ]);
    await market.start(taskId, node);
    market.advance(600_001);
    // The other's bid still stands, but nobody can deliver in time any more.
    expect(await market.fault(taskId, "not_delivered")).toEqual({ kind: "failed" });
    expect(await findTask(opened.database, taskId)).toMatchObject({
      state: "failed",
      outcome: { reason: "not_delivered" },
    });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 200_000n, held: 0n });
  });

  test("a result nobody accepts is claimed after the approval window, and paid after the challenge window", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    await market.market.claimTask(taskId);
    expect(await loadSettlements(opened.database, [taskId])).toEqual([]);
    market.advance(300_000);
    await market.market.claimTask(taskId);
    await market.market.claimTask(taskId);
    expect(await loadSettlements(opened.database, [taskId])).toMatchObject([{ kind: "claim", state: "pending" }]);
    const payableAt = market.now() + 600_000;
    await market.vault({ type: "claimed", orderHash: taskId, node: node.key.address, payableAt });
    await market.market.settleClaimedTask(taskId);
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "delivered", wakeAt: payableAt });
    market.advance(600_000);
    await market.market.settleClaimedTask(taskId);
    expect(await loadSettlements(opened.database, [taskId])).toMatchObject([{ kind: "settle", state: "pending" }]);
    expect(await findTask(opened.database, taskId), "the ledger waits for the chain").toMatchObject({
      state: "delivered",
    });
    await market.vault(await market.settledEvent(taskId));
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "settled" });
    await market.market.settleClaimedTask(taskId);
    expect(await loadSettlements(opened.database, [taskId])).toMatchObject([{ kind: "settle", state: "confirmed" }]);
  });

  test("a challenge that is read after its window still finds the money where it was", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    market.advance(300_000);
    await market.market.claimTask(taskId);
    await market.vault({ type: "claimed", orderHash: taskId, node: node.key.address, payableAt: market.now() });
    await market.market.settleClaimedTask(taskId);
    await market.market.markSettlements([{ taskId, state: "skipped", txHash: null, reason: "challenged" }]);
    await market.vault({ type: "challenged", orderHash: taskId, requester: requester.address, bond: 500n });
    await market.vault({ type: "ruled", orderHash: taskId, pay: false }, { type: "claim_released", orderHash: taskId });
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "failed" });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 200_000n,
      held: 0n,
      withdrawing: 0n,
    });
  });

  test("an acceptance that comes while the claim is on its way settles at once", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    market.advance(300_000);
    await market.market.claimTask(taskId);
    const first = await market.accept(taskId, requester);
    expect(await market.accept(taskId, requester)).toEqual(first);
    expect(await loadSettlements(opened.database, [taskId])).toMatchObject([{ kind: "settle", state: "pending" }]);
    await market.vault(
      { type: "claimed", orderHash: taskId, node: node.key.address, payableAt: market.now() },
      await market.settledEvent(taskId),
    );
    expect(await loadSettlements(opened.database, [taskId])).toMatchObject([{ kind: "settle", state: "confirmed" }]);
  });

  test.each([true, false])(
    "a challenged claim waits for its ruling, and the bond goes to who was right (pay: %s)",
    async (pay) => {
      const market = await setup();
      const requester = await market.requester(200_000n);
      const node = await market.node();
      const taskId = await market.submit(requester, { maxPrice: 102_000n });
      await market.round([[node, 5_000n]]);
      await market.start(taskId, node);
      await market.deliver(taskId, node);
      market.advance(300_000);
      await market.market.claimTask(taskId);
      await market.vault({
        type: "claimed",
        orderHash: taskId,
        node: node.key.address,
        payableAt: market.now() + 600_000,
      });
      await market.vault({ type: "challenged", orderHash: taskId, requester: requester.address, bond: 500n });
      expect(await sumBalances(opened.database, requester.address)).toMatchObject({
        available: 97_500n,
        withdrawing: 500n,
      });
      market.advance(600_000);
      await market.market.settleClaimedTask(taskId);
      expect(await findTask(opened.database, taskId)).toMatchObject({ state: "delivered" });
      await market.vault(
        { type: "ruled", orderHash: taskId, pay },
        ...(pay ? [] : [{ type: "claim_released", orderHash: taskId } as const]),
      );
      expect(await findTask(opened.database, taskId)).toMatchObject({ state: pay ? "settled" : "failed" });
      const { price } = await market.award(taskId);
      const lost = pay ? price + (price * 200n) / 10_000n + 500n : 0n;
      const gained = pay ? price - 1_000n + 500n : 0n;
      expect(await sumBalances(opened.database, requester.address)).toMatchObject({
        available: 200_000n - lost,
        held: 0n,
        withdrawing: 0n,
      });
      expect(await sumBalances(opened.database, node.provider.address)).toMatchObject({
        available: gained,
        bonded: 0n,
        staked: 1_000_000n,
      });
    },
  );

  test("a withdrawal the chain allows before the ledger does is taken as the holds come free, and no more than once", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const taskId = await market.submit(requester, { maxPrice: 150_000n });
    await market.vault({ type: "withdrawal_requested", owner: requester.address, amount: 120_000n });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 0n,
      held: 150_000n,
      withdrawing: 50_000n,
    });
    await market.market.cancelTask({ taskId, requester: requester.address });
    await market.vault({ type: "withdrawal_completed", owner: requester.address, amount: 120_000n });
    await market.vault();
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 80_000n,
      held: 0n,
      withdrawing: 0n,
    });
  });
});
