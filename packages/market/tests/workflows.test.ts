import { type Hash, stepNonce, workflowNonce } from "@stoa/protocol";
import { findTask, findWorkflow, listAllEvents, listBudgetTasks, sumBalances, sumSetAside } from "@stoa/store";
import { createMarketFixture, databaseKinds, type MarketFixture, randomKey, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectRefused } from "./expect-refused.ts";
import { expectSoundLedger } from "./expect-sound-ledger.ts";
import { chargeOf, runWorkflow, stepStates, turnWorkflow, workSteps } from "./run-workflow.ts";

const works = (step: string) => ({ output: `${step} done` });

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));

  async function setup() {
    const market = await createMarketFixture({ database: opened.database });
    const requester = await market.requester(1_000_000n);
    const nodes = [
      [await market.node(), 20_000n],
      [await market.node(), 30_000n],
    ] as const;
    return { market, requester, nodes };
  }

  async function charged(market: MarketFixture, id: Hash): Promise<bigint> {
    const tasks = await listBudgetTasks(opened.database, id);
    const charges = await Promise.all(tasks.map(({ taskId }) => chargeOf(market, taskId)));
    return charges.reduce((sum, charge) => sum + charge, 0n);
  }

  const chain = {
    first: {},
    second: { input: { text: { $from: "first/text" } } },
    third: { input: { text: { $from: "second/text" } } },
  };

  test("each step's output is the next one's input, and what the budget has left is free at the end", async () => {
    const { market, requester, nodes } = await setup();
    const request = await market.workflow(requester, { steps: chain });
    const { workflowId, created } = await market.market.submitWorkflow(request);
    expect(created).toBe(true);
    expect(await market.market.submitWorkflow(request)).toEqual({ workflowId, created: false });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 700_000n,
      earmarked: 300_000n,
      held: 0n,
    });
    await runWorkflow(market, workflowId, nodes, works);
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({ state: "completed", due: false });
    const tasks = await listBudgetTasks(opened.database, workflowId);
    expect(tasks.map(({ step, state }) => [step, state])).toEqual([
      ["first", "settled"],
      ["second", "settled"],
      ["third", "settled"],
    ]);
    const third = await findTask(opened.database, tasks[2]!.taskId);
    expect(third).toMatchObject({
      spec: { budgetOf: workflowId },
      session: { key: { key: market.runner.address } },
      order: { nonce: stepNonce(workflowId, "third", 1).toString() },
    });
    const cost = await charged(market, workflowId);
    expect(cost).toBeGreaterThan(60_000n);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 1_000_000n - cost,
      earmarked: 0n,
      held: 0n,
    });
    const events = (await listAllEvents(opened.database, 0, 10_000)).filter(
      ({ data }) => "workflowId" in data && data.workflowId === workflowId,
    );
    expect(events.every(({ audience }) => audience === requester.address)).toBe(true);
    expect(events.map(({ type }) => type.replace("workflow.", ""))).toEqual([
      "opened",
      ...["first", "second", "third"].flatMap(() => ["step_ordered", "step_delivered", "step_done"]),
      "completed",
    ]);
    expect(events.at(-1)?.data).toMatchObject({ charged: cost.toString(), refunded: (300_000n - cost).toString() });
  });

  test("what a node is shown to be set aside counts what budgets have left", async () => {
    const { market, requester, nodes } = await setup();
    const { workflowId } = await market.market.submitWorkflow(await market.workflow(requester, { steps: chain }));
    await turnWorkflow(market, workflowId, new Map());
    await market.round(nodes);
    const [task] = await listBudgetTasks(opened.database, workflowId);
    const [assignment] = await market.market.assignmentsOf([task!.taskId]);
    expect(assignment?.holdReceipt.cumulativeHeld).toBe("300000");
    expect(await sumSetAside(opened.database, [requester.address])).toEqual(new Map([[requester.address, 300_000n]]));
  });

  test("all or nothing: a step that fails for good ends the workflow, and all but what was done before is refunded", async () => {
    const { market, requester, nodes } = await setup();
    const steps = { ...chain, other: { after: ["second"] } };
    const { workflowId } = await market.market.submitWorkflow(await market.workflow(requester, { steps }));
    await runWorkflow(market, workflowId, nodes, (step) => (step === "second" ? { fails: "broken" } : works(step)));
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({
      state: "failed",
      failure: { step: "second", reason: "crashed", message: "broken" },
    });
    expect(await stepStates(market, workflowId)).toEqual({
      first: "done",
      second: "failed",
      third: "skipped",
      other: "skipped",
    });
    const cost = await charged(market, workflowId);
    expect(cost).toBeGreaterThan(0n);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 1_000_000n - cost,
      earmarked: 0n,
      held: 0n,
    });
  });

  test("a bundle's tasks are independent, and the first that fails takes back those that no node has yet", async () => {
    const { market, requester, nodes } = await setup();
    const { workflowId } = await market.market.submitWorkflow(
      await market.workflow(requester, { steps: { a: {}, b: {}, c: { maxPrice: "1000" } } }),
    );
    const outputs = new Map();
    await turnWorkflow(market, workflowId, outputs);
    const tasks = await listBudgetTasks(opened.database, workflowId);
    expect(tasks.map(({ state }) => state)).toEqual(["open", "open", "open"]);
    await market.round(nodes);
    for (const { taskId, step } of tasks.filter(({ step }) => step !== "c")) {
      const award = await market.award(taskId);
      const [node] = nodes.find(([{ key }]) => key.address === award.node)!;
      await market.start(taskId, node);
      if (step === "a")
        await market.market.failExecution({ taskId, node: award.node, reason: "crashed", message: "broken" });
      else await market.deliver(taskId, node, { text: "b" });
    }
    await turnWorkflow(market, workflowId, outputs);
    expect(await stepStates(market, workflowId)).toEqual({ a: "failed", b: "done", c: "skipped" });
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({ state: "failed", failure: { step: "a" } });
    const cost = await charged(market, workflowId);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 1_000_000n - cost });
  });

  test("best effort: what needs a lost step is left out, an optional one counts with its fallback, a retry is another order", async () => {
    const { market, requester, nodes } = await setup();
    const { workflowId } = await market.market.submitWorkflow(
      await market.workflow(requester, {
        policy: "best-effort",
        steps: {
          lost: {},
          needs: { input: { text: { $from: "lost/text" } } },
          tried: { retries: 1 },
          maybe: { optional: true, fallback: { text: "instead" } },
          uses: { input: { text: { $from: "maybe/text" } } },
        },
      }),
    );
    await runWorkflow(market, workflowId, nodes, (step, attempt) =>
      step === "lost" || step === "maybe" || (step === "tried" && attempt === 1) ? { fails: "broken" } : works(step),
    );
    expect(await stepStates(market, workflowId)).toEqual({
      lost: "failed",
      needs: "skipped",
      tried: "done",
      maybe: "substituted",
      uses: "done",
    });
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({
      state: "failed",
      failure: { step: "lost" },
    });
    const tasks = await listBudgetTasks(opened.database, workflowId);
    expect(tasks.filter(({ step }) => step === "tried").map(({ attempt, state }) => [attempt, state])).toEqual([
      [1, "failed"],
      [2, "settled"],
    ]);
  });

  test("a step that finds too little of the budget waits for what comes back", async () => {
    const { market, requester, nodes } = await setup();
    const { workflowId } = await market.market.submitWorkflow(
      await market.workflow(requester, { steps: { a: {}, b: {}, c: {} }, budget: 150_000n }),
    );
    await turnWorkflow(market, workflowId, new Map());
    expect((await listBudgetTasks(opened.database, workflowId)).map(({ step }) => step)).toEqual(["a"]);
    await runWorkflow(market, workflowId, nodes, works);
    // 150,000 less two charges is less than the third may cost.
    expect(await stepStates(market, workflowId)).toEqual({ a: "done", b: "done", c: "failed" });
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({ failure: { reason: "budget_exhausted" } });
  });

  test("a step is ordered once, by however many runners and however often", async () => {
    const { market, requester } = await setup();
    const { workflowId } = await market.market.submitWorkflow(await market.workflow(requester, { steps: chain }));
    const again = market.reopen(opened.database);
    await market.market.advanceWorkflow(workflowId);
    const ordering = { workflowId, step: "first", attempt: 1, input: { text: "first" } };
    const first = market.market.orderStep(ordering);
    market.advance(1_000);
    const ids = await Promise.all([first, again.market.orderStep(ordering), market.market.orderStep(ordering)]);
    expect(new Set(ids).size).toBe(1);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      held: 100_000n,
      earmarked: 200_000n,
    });
    await expectRefused(opened.database, "wrong_state", () => market.market.orderStep({ ...ordering, step: "second" }));
    await expectRefused(opened.database, "wrong_state", () => market.market.orderStep({ ...ordering, attempt: 2 }));
    await again.market.stop();
  });

  test("a cancelled workflow orders nothing more, pays for what nodes had, and frees the rest", async () => {
    const { market, requester, nodes } = await setup();
    const stranger = await market.requester();
    const { workflowId } = await market.market.submitWorkflow(await market.workflow(requester, { steps: chain }));
    const outputs = new Map();
    await turnWorkflow(market, workflowId, outputs);
    await expectRefused(opened.database, "forbidden", () =>
      market.market.cancelWorkflow({ workflowId, requester: stranger.address }),
    );
    await market.round(nodes);
    await market.market.cancelWorkflow({ workflowId, requester: requester.address });
    await market.market.cancelWorkflow({ workflowId, requester: requester.address });
    await turnWorkflow(market, workflowId, outputs);
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({ state: "ending" });
    const [task] = await listBudgetTasks(opened.database, workflowId);
    const [node] = nodes.find(([{ key }]) => key.address === task!.node)!;
    await market.start(task!.taskId, node);
    await market.deliver(task!.taskId, node, { text: "late" });
    await turnWorkflow(market, workflowId, outputs);
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({ state: "cancelled" });
    expect(await stepStates(market, workflowId)).toEqual({ first: "done", second: "skipped", third: "skipped" });
    const cost = await charged(market, workflowId);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 1_000_000n - cost });
    const over = await market.market.submitWorkflow(await market.workflow(stranger, { steps: { a: {} } }));
    await runWorkflow(market, over.workflowId, nodes, works);
    await expectRefused(opened.database, "wrong_state", () =>
      market.market.cancelWorkflow({ workflowId: over.workflowId, requester: stranger.address }),
    );
  });

  test("a result that does not fit fails its step; what its node claims of it comes out of its own hold, and the rest is freed later", async () => {
    const { market, requester, nodes } = await setup();
    const { workflowId } = await market.market.submitWorkflow(
      await market.workflow(requester, { steps: { only: {} } }),
    );
    const outputs = new Map();
    await turnWorkflow(market, workflowId, outputs);
    await workSteps(market, workflowId, nodes, works, outputs);
    await market.market.advanceWorkflow(workflowId);
    await market.market.failStep({ workflowId, step: "only", attempt: 1, reason: "execution_failed", message: "no" });
    await market.market.advanceWorkflow(workflowId);
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({ state: "failed", due: true });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 900_000n,
      earmarked: 0n,
      held: 100_000n,
    });
    const [task] = await listBudgetTasks(opened.database, workflowId);
    await market.accept(task!.taskId, requester);
    const cost = await chargeOf(market, task!.taskId);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      earmarked: 100_000n - cost,
      held: 0n,
    });
    await market.market.advanceWorkflow(workflowId);
    expect(await findWorkflow(opened.database, workflowId)).toMatchObject({ state: "failed", due: false });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 1_000_000n - cost,
      earmarked: 0n,
      held: 0n,
    });
  });

  test("with acceptance left to the requester a step counts only once it has accepted", async () => {
    const { market, requester, nodes } = await setup();
    const { workflowId } = await market.market.submitWorkflow(
      await market.workflow(requester, { steps: chain, accept: "requester" }),
    );
    const outputs = new Map();
    await turnWorkflow(market, workflowId, outputs);
    await workSteps(market, workflowId, nodes, works, outputs);
    await turnWorkflow(market, workflowId, outputs);
    expect(await stepStates(market, workflowId)).toMatchObject({ first: "delivered", second: "waiting" });
    const [task] = await listBudgetTasks(opened.database, workflowId);
    await market.accept(task!.taskId, requester);
    await turnWorkflow(market, workflowId, outputs);
    expect(await stepStates(market, workflowId)).toMatchObject({ first: "done", second: "running" });
  });

  test("no step is ordered from money its requester withdraws on chain", async () => {
    const { market, requester } = await setup();
    const { workflowId } = await market.market.submitWorkflow(
      await market.workflow(requester, { steps: { a: {} }, budget: 1_000_000n }),
    );
    await market.vault({ type: "withdrawal_requested", owner: requester.address, amount: 500_000n });
    await market.market.advanceWorkflow(workflowId);
    await expectRefused(opened.database, "insufficient_funds", () =>
      market.market.orderStep({ workflowId, step: "a", attempt: 1, input: { text: "a" } }),
    );
    await market.market.failStep({ workflowId, step: "a", attempt: 1, reason: "insufficient_funds", message: "gone" });
    await market.market.advanceWorkflow(workflowId);
    await market.vault();
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 500_000n,
      earmarked: 0n,
      withdrawing: 500_000n,
    });
  });

  test("a workflow is refused, with nothing changed, for what its wallet did not sign or cannot be done", async () => {
    const { market, requester } = await setup();
    const plan = { steps: chain };
    const { database } = opened;
    const submit = (request: Awaited<ReturnType<typeof market.workflow>>) => () =>
      market.market.submitWorkflow(request);
    const good = await market.workflow(requester, plan);
    const dearer = {
      ...good.spec,
      steps: { ...good.spec.steps, first: { ...good.spec.steps["first"]!, maxPrice: "99999" } },
    };
    // The nonce is the hash of the workflow: another one under the same grant shows.
    await expectRefused(database, "invalid_order", submit({ ...good, spec: dearer }));
    await expectRefused(
      database,
      "wrong_signature",
      submit(await market.workflow(requester, { ...plan, signer: randomKey() })),
    );
    await expectRefused(
      database,
      "invalid_order",
      submit(await market.workflow(requester, { ...plan, grant: { key: randomKey().address } })),
    );
    await expectRefused(
      database,
      "session_key_limit",
      submit(await market.workflow(requester, { ...plan, grant: { maxPerOrder: 99_999n } })),
    );
    await expectRefused(
      database,
      "session_key_limit",
      submit(
        await market.workflow(requester, {
          ...plan,
          grant: { expiresAt: BigInt(Math.floor(market.now() / 1_000) + 1_800) },
        }),
      ),
    );
    await expectRefused(
      database,
      "insufficient_funds",
      submit(await market.workflow(requester, { ...plan, budget: 1_000_001n })),
    );
    await expectRefused(
      database,
      "unknown_capability",
      submit(await market.workflow(requester, { steps: { a: { capability: "no.such" } } })),
    );
    await expectRefused(
      database,
      "input_mismatch",
      submit(await market.workflow(requester, { steps: { a: { input: { text: 1 } } } })),
    );
    await expectRefused(
      database,
      "invalid_workflow",
      submit(await market.workflow(requester, { steps: { a: { input: { text: { $from: "b/text" } } } } })),
    );
    await expectRefused(
      database,
      "invalid_deadline",
      submit(await market.workflow(requester, { steps: { a: { deadlineSeconds: 6_000 } } })),
    );
    expect(good.session.key.nonce).toBe(workflowNonce(good));
  });

  test("an ordinary order cannot draw on a budget", async () => {
    const { market, requester } = await setup();
    const { workflowId } = await market.market.submitWorkflow(await market.workflow(requester, { steps: chain }));
    const order = await market.order(requester, { spec: { budgetOf: workflowId } });
    await expectRefused(opened.database, "invalid_order", () => market.market.submitTask(order));
  });
});
