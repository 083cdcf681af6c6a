import { type TaskAction, transitions } from "@stoa/core";
import { type TaskId, type TaskState, taskStates } from "@stoa/protocol";
import { findTask } from "@stoa/store";
import {
  createMarketFixture,
  databaseKinds,
  type FixtureNode,
  ledgerProblems,
  type MarketFixture,
  randomKey,
  type TestDatabase,
} from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dumpState } from "./expect-refused.ts";

/** A task in some state, with whoever could move it, and what they signed while it was possible. */
interface Scene {
  market: MarketFixture;
  requester: LocalAccount;
  winner: FixtureNode;
  runnerUp: FixtureNode;
  taskId: TaskId;
}

/** An order that asks to keep the task when its one attempt fails. */
const kept = { retry: { maxAttempts: 1, backoffSeconds: 0, deadLetter: true } };

async function setScene(market: MarketFixture, state: TaskState, action?: TaskAction): Promise<Scene> {
  const requester = await market.requester();
  const [winner, runnerUp] = [await market.node(), await market.node()];
  const isKept = state === "dead" || (action === "bury" && state !== "failed");
  const taskId = await market.submit(requester, isKept ? { spec: kept } : {});
  const scene = { market, requester, winner, runnerUp, taskId };
  if (state === "cancelled") await market.market.cancelTask({ taskId, requester: requester.address });
  if (state === "expired") {
    market.advance(600_000);
    await market.market.expireTask(taskId);
  }
  if (["open", "cancelled", "expired"].includes(state)) return scene;
  await market.round([
    [winner, 5_000n],
    [runnerUp, 6_000n],
  ]);
  if (state === "awarded") return scene;
  await market.start(taskId, winner);
  if (state === "failed" || state === "dead")
    await market.market.failExecution({ taskId, node: winner.key.address, reason: "crashed", message: "it threw" });
  if (["running", "failed", "dead"].includes(state)) return scene;
  await market.deliver(taskId, winner);
  if (state === "settled") await market.accept(taskId, requester);
  return scene;
}

/** How each action of the table is asked of the market, whatever state the task is in. */
const actions: Record<TaskAction, (scene: Scene) => Promise<unknown>> = {
  async award({ market, runnerUp, taskId }) {
    // The task's own round cannot be opened when it is not open: another task brings the round about, and is cleared with it.
    const other = await market.submit(await market.requester());
    const round = await market.openRound([runnerUp]);
    await market.market.placeSheet(await market.sheet(round, runnerUp, 5_000n));
    await market.market.closeRound(round.roundId, "all_answered");
    expect((await findTask(market.database, other))?.state).toBe("awarded");
    return (await findTask(market.database, taskId))?.awardHash;
  },
  start: ({ market, winner, taskId }) => market.start(taskId, winner),
  deliver: ({ market, winner, taskId }) => market.deliver(taskId, winner),
  settle: ({ market, requester, taskId }) => market.accept(taskId, requester),
  reaward: ({ market, taskId }) => market.fault(taskId, "refused"),
  async reopen({ market, runnerUp, taskId }) {
    await market.market.markNodeOffline({ node: runnerUp.key.address, reason: "gone" });
    return market.fault(taskId, "refused");
  },
  fail: ({ market, winner, taskId }) =>
    market.market.failExecution({ taskId, node: winner.key.address, reason: "crashed", message: "it threw" }),
  bury: ({ market, winner, taskId }) =>
    market.market.failExecution({ taskId, node: winner.key.address, reason: "crashed", message: "it threw" }),
  retry: ({ market, requester, taskId }) => market.market.retryTask({ taskId, requester: requester.address }),
  async refund({ market, requester, winner, taskId }) {
    await market.vault({
      type: "claimed",
      orderHash: taskId,
      node: winner.key.address,
      payableAt: market.now() + 600_000,
    });
    await market.vault({ type: "challenged", orderHash: taskId, requester: requester.address, bond: 10n });
    await market.vault({ type: "claim_released", orderHash: taskId });
  },
  // On a task that ended unpaid the chain's word moves money, but no state; without an award there is nothing to settle.
  async enforce({ market, winner, taskId }) {
    if ((await findTask(market.database, taskId))?.state === "open") {
      await market.round([[winner, 5_000n]]);
      await market.fault(taskId, "refused");
    }
    await market.vault(await market.settledEvent(taskId));
  },
  cancel: ({ market, requester, taskId }) => market.market.cancelTask({ taskId, requester: requester.address }),
  async expire({ market, taskId }) {
    market.advance(600_000);
    await market.market.expireTask(taskId);
  },
};

const pairs = taskStates.flatMap((state) =>
  (Object.keys(actions) as TaskAction[]).map((action) => ({ state, action, next: transitions[state][action] ?? null })),
);

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  test.each(pairs)(
    "a task that is $state under $action becomes $next, as the table says",
    async ({ state, action, next }) => {
      const market = await createMarketFixture({ database: opened.database });
      const scene = await setScene(market, state, action);
      if (action === "refund" && state === "delivered") {
        market.advance(300_000);
        await market.market.claimTask(scene.taskId);
      }
      const before = await findTask(opened.database, scene.taskId);
      expect(before?.state).toBe(state);
      await actions[action](scene).catch((error: unknown) => {
        if (next !== null) throw error;
      });
      const after = await findTask(opened.database, scene.taskId);
      expect(after?.state).toBe(next ?? state);
      if (next === null) expect({ ...after, unserved: null }).toEqual({ ...before, unserved: null });
      expect(await ledgerProblems(opened.database)).toEqual([]);
    },
  );

  test("every action asked twice at once counts once", async () => {
    for (const [state, moves] of Object.entries(transitions)) {
      for (const action of Object.keys(moves) as TaskAction[]) {
        if (action === "award" || action === "refund" || action === "expire") continue;
        const scene = await setScene(
          await createMarketFixture({ database: opened.database }),
          state as TaskState,
          action,
        );
        await Promise.allSettled([actions[action](scene), actions[action](scene)]);
        expect(await ledgerProblems(opened.database)).toEqual([]);
      }
    }
  });

  test("what a stranger asks of a task in any state changes nothing", async () => {
    for (const state of taskStates) {
      const { market, taskId } = await setScene(await createMarketFixture({ database: opened.database }), state);
      const stranger = randomKey().address;
      const before = await dumpState(opened.database);
      const asked = await Promise.allSettled([
        market.market.cancelTask({ taskId, requester: stranger }),
        market.market.failExecution({ taskId, node: stranger, reason: "crashed", message: "" }),
        market.market.retryTask({ taskId, requester: stranger }),
        market.market.reportProgress({ taskId, node: stranger, executionId: "e", fraction: 0, text: "" }),
      ]);
      expect(asked.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
      expect(await dumpState(opened.database)).toEqual(before);
    }
  });
});
