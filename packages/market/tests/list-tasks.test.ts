import type { TaskState } from "@stoa/protocol";
import { type Database, listTasks, openDatabase } from "@stoa/store";
import { createMarketFixture } from "@stoa/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

let database: Database;
beforeAll(async () => {
  database = await openDatabase({});
});
afterAll(() => database.close());

test("a task is listed under the state it is in, and no other, all its life long, waiting for the chain included", async () => {
  const market = await createMarketFixture({ database });
  const requester = await market.requester();
  const node = await market.node();
  const listed = async () => {
    const found: TaskState[] = [];
    for (const state of [
      "open",
      "awarded",
      "running",
      "delivered",
      "settled",
      "cancelled",
      "expired",
      "failed",
    ] as const)
      for (const filter of [{}, { requester: requester.address, capability: market.capability }])
        for (const { id } of await listTasks(database, { state, ...filter, limit: 10 }))
          if (id === taskId) found.push(state);
    return found;
  };

  let taskId = await market.submit(requester);
  expect(await listed()).toEqual(["open", "open"]);
  await market.round([[node, 5_000n]]);
  expect(await listed()).toEqual(["awarded", "awarded"]);
  await market.start(taskId, node);
  expect(await listed()).toEqual(["running", "running"]);
  await market.deliver(taskId, node);
  expect(await listed()).toEqual(["delivered", "delivered"]);
  market.advance(market.terms.approvalWindowSeconds * 1_000);
  await market.market.claimTask(taskId);
  expect(await database.query("select 1 from tasks where id = $1 and wake_at is null", [taskId])).toHaveLength(1);
  expect(await listed()).toEqual(["delivered", "delivered"]);
  await market.vault(await market.settledEvent(taskId));
  expect(await listed()).toEqual(["settled", "settled"]);

  taskId = await market.submit(requester);
  await market.market.cancelTask({ taskId, requester: requester.address });
  expect(await listed()).toEqual(["cancelled", "cancelled"]);
  await market.market.stop();
});
