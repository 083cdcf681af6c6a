import { type RetryPolicy, subtaskNonce, type TaskId } from "@stoa/protocol";
import { findTask, listAllEvents, listBudgetTasks, sumBalances } from "@stoa/store";
import { createMarketFixture, databaseKinds, type FixtureNode, randomKey, type TestDatabase } from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectRefused } from "./expect-refused.ts";
import { expectSoundLedger } from "./expect-sound-ledger.ts";
import { chargeOf } from "./run-workflow.ts";

const BUDGET = 150_000n;

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));

  /** A task that runs on the cheap node, with a budget for sub-tasks. */
  async function setup({ subtasks = true } = {}) {
    const market = await createMarketFixture({ database: opened.database, subtasks });
    const requester = await market.requester(500_000n);
    const [cheap, dear] = [await market.node(), await market.node()] as const;
    const nodes = [
      [cheap, 20_000n],
      [dear, 30_000n],
    ] as const;
    const parentId = await market.submit(requester, { spec: { subtasks: { budget: BUDGET.toString() } } });
    await market.round(nodes);
    await market.start(parentId, cheap);
    const parent = await findTask(opened.database, parentId);
    const [settleBy, deliverBy] = [BigInt(parent!.order.settleBy), BigInt(parent!.order.deliverBy)];
    let later = 0n;
    const award = await market.award(parentId);
    let granted: Awaited<ReturnType<typeof market.order>>["session"];

    /** The requester's word that a node may order. */
    async function grantFor(node: FixtureNode, limits: { maxTotal?: bigint } = {}, signer: LocalAccount = requester) {
      const { session } = await market.order(requester, {
        session: {
          key: node.key,
          signer,
          limits: { maxPerOrder: BUDGET, maxTotal: BUDGET, expiresAt: settleBy, nonce: 7n, ...limits },
        },
      });
      return { taskId: parentId, requester: requester.address, session: session! };
    }

    async function grant(node: FixtureNode) {
      const request = await grantFor(node);
      granted = request.session;
      await market.market.grantSubtasks(request);
    }

    /** What a node sends for its agent's n-th call. */
    async function call(
      number: number,
      change: { maxPrice?: bigint; node?: FixtureNode; text?: string; retry?: RetryPolicy } = {},
    ) {
      const { maxPrice = 60_000n, node = cheap, text = "part", retry } = change;
      const order = await market.order(requester, {
        input: { text },
        maxPrice,
        spec: { budgetOf: parentId, ...(retry ? { retry } : {}) },
        order: { settleBy, deliverBy: deliverBy - 10n + later++, nonce: subtaskNonce(parentId, award.hash, number) },
        session: { key: node.key, limits: granted?.key ?? {} },
      });
      return { ...order, parentId, node: node.key.address };
    }

    async function finish(taskId: TaskId, signer: LocalAccount) {
      const { node } = await market.award(taskId);
      const winner = node === cheap.key.address ? cheap : dear;
      await market.start(taskId, winner);
      await market.deliver(taskId, winner);
      await market.accept(taskId, signer);
    }
    return { market, requester, cheap, dear, nodes, parentId, grantFor, grant, call, finish };
  }

  const balancesOf = (owner: LocalAccount) => sumBalances(opened.database, owner.address);

  test("a sub-task is ordered with the node's key and paid from the task's budget, whose rest is free when the task is over", async () => {
    const { market, requester, cheap, nodes, parentId, grant, call, finish } = await setup();
    expect(await balancesOf(requester)).toMatchObject({ available: 250_000n, held: 100_000n, earmarked: BUDGET });
    await grant(cheap);
    await grant(cheap);
    const events = await listAllEvents(opened.database, 0, 10_000);
    expect(
      events.filter(
        ({ type, data }) => type === "task.subtasks_granted" && (data as { taskId: string }).taskId === parentId,
      ),
      "said twice, told once",
    ).toHaveLength(1);
    const taskId = await market.market.submitSubtask(await call(1));
    expect(await balancesOf(requester)).toMatchObject({ held: 160_000n, earmarked: BUDGET - 60_000n });
    await market.round(nodes);
    await finish(taskId, cheap.key);
    const cost = await chargeOf(market, taskId);
    expect(cost).toBeGreaterThan(20_000n);
    expect(await balancesOf(requester)).toMatchObject({ earmarked: BUDGET - cost });
    await market.market.closeSubtaskBudget({ taskId: parentId, requester: requester.address });
    expect(await balancesOf(requester), "the task still runs").toMatchObject({ earmarked: BUDGET - cost });
    await market.deliver(parentId, cheap);
    await market.accept(parentId, requester);
    await market.market.closeSubtaskBudget({ taskId: parentId, requester: requester.address });
    await market.market.closeSubtaskBudget({ taskId: parentId, requester: requester.address });
    const own = await chargeOf(market, parentId);
    expect(await balancesOf(requester)).toMatchObject({ available: 500_000n - cost - own, earmarked: 0n, held: 0n });
  });

  test("a task that fails has still paid for the sub-tasks that were done, and gets all else back", async () => {
    const { market, requester, cheap, nodes, parentId, grant, call, finish } = await setup();
    await grant(cheap);
    const done = await market.market.submitSubtask(await call(1));
    await market.round(nodes);
    await finish(done, cheap.key);
    const left = await market.market.submitSubtask(await call(2));
    await market.market.failExecution({
      taskId: parentId,
      node: cheap.key.address,
      reason: "crashed",
      message: "broken",
    });
    await market.market.closeSubtaskBudget({ taskId: parentId, requester: requester.address });
    expect(await balancesOf(requester), "one is still open").toMatchObject({ held: 60_000n, earmarked: 0n });
    await market.market.cancelTask({ taskId: left, requester: requester.address });
    await market.market.closeSubtaskBudget({ taskId: parentId, requester: requester.address });
    const cost = await chargeOf(market, done);
    expect(await balancesOf(requester)).toMatchObject({ available: 500_000n - cost, held: 0n, earmarked: 0n });
  });

  test("orders that come at once share one budget, to the unit", async () => {
    const { market, requester, cheap, parentId, grant, call } = await setup();
    await grant(cheap);
    const calls = await Promise.all([1, 2, 3, 4].map((number) => call(number, { maxPrice: 60_000n })));
    const outcomes = await Promise.allSettled(calls.map((one) => market.market.submitSubtask(one)));
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBe(2);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "budget_exhausted" });
    await expectRefused(opened.database, "budget_exhausted", async () =>
      market.market.submitSubtask(await call(5, { maxPrice: 30_001n })),
    );
    await market.market.submitSubtask(await call(5, { maxPrice: 30_000n }));
    expect(await balancesOf(requester)).toMatchObject({ earmarked: 0n, held: 100_000n + BUDGET });
    expect((await listBudgetTasks(opened.database, parentId)).length).toBe(3);
  });

  test("an agent that is run again gets the sub-task it ordered before; another order with that number is refused", async () => {
    const { market, requester, cheap, grant, call } = await setup();
    await grant(cheap);
    const taskId = await market.market.submitSubtask(await call(1));
    market.advance(2_000);
    expect(await market.market.submitSubtask(await call(1))).toBe(taskId);
    await expectRefused(opened.database, "nonce_used", async () =>
      market.market.submitSubtask(await call(1, { text: "other" })),
    );
    expect(await balancesOf(requester)).toMatchObject({ earmarked: BUDGET - 60_000n });
  });

  test("nobody orders without the requester's word, in another's place, or after the task", async () => {
    const { market, requester, cheap, dear, parentId, grant, grantFor, call } = await setup();
    const { database } = opened;
    await expectRefused(database, "wrong_state", async () => market.market.submitSubtask(await call(1)));
    await expectRefused(database, "wrong_state", async () => market.market.grantSubtasks(await grantFor(dear)));
    await expectRefused(database, "wrong_signature", async () =>
      market.market.grantSubtasks(await grantFor(cheap, {}, randomKey())),
    );
    await expectRefused(database, "session_key_limit", async () =>
      market.market.grantSubtasks(await grantFor(cheap, { maxTotal: BUDGET + 1n })),
    );
    const stranger = await market.requester();
    await expectRefused(database, "forbidden", async () =>
      market.market.grantSubtasks({ ...(await grantFor(cheap)), requester: stranger.address }),
    );
    await grant(cheap);
    const good = await call(1);
    await expectRefused(database, "wrong_state", () =>
      market.market.submitSubtask({ ...good, node: dear.key.address }),
    );
    const byOther = { ...(await call(1, { node: dear })), node: cheap.key.address };
    await expectRefused(database, "wrong_signature", () => market.market.submitSubtask(byOther));
    await expectRefused(database, "wrong_signature", () =>
      market.market.submitSubtask({ ...good, order: { ...good.order, maxPrice: 1n } }),
    );
    await market.deliver(parentId, cheap);
    await expectRefused(database, "wrong_state", () => market.market.submitSubtask(good));
    await market.accept(parentId, requester);
    await market.market.closeSubtaskBudget({ taskId: parentId, requester: requester.address });
    expect(await balancesOf(requester)).toMatchObject({ earmarked: 0n, held: 0n });
  });

  test("an agent orders only what its manifest names", async () => {
    const { market, cheap, grant, call } = await setup({ subtasks: false });
    await grant(cheap);
    await expectRefused(opened.database, "forbidden", async () => market.market.submitSubtask(await call(1)));
  });

  test("a sub-task is not kept when it is dead: nobody could have it tried again", async () => {
    const { market, cheap, grant, call } = await setup();
    await grant(cheap);
    const retry = { maxAttempts: 1, backoffSeconds: 0, deadLetter: true };
    await expectRefused(opened.database, "invalid_order", async () =>
      market.market.submitSubtask(await call(1, { retry })),
    );
  });

  test("a task whose budget for sub-tasks is not there does not open", async () => {
    const market = await createMarketFixture({ database: opened.database });
    const requester = await market.requester(200_000n);
    const order = await market.order(requester, { spec: { subtasks: { budget: "100001" } } });
    await expectRefused(opened.database, "insufficient_funds", () => market.market.submitTask(order));
    const fitting = await market.order(requester, { spec: { subtasks: { budget: "100000" } } });
    await market.market.submitTask(fitting);
    expect(await balancesOf(requester)).toMatchObject({ available: 0n, held: 100_000n, earmarked: 100_000n });
  });
});
