import { isFinal, transitions } from "@stoa/core";
import type { TaskState } from "@stoa/protocol";
import { dropSpentAlarms, findTask, listDueTasks } from "@stoa/store";
import { createMarketFixture, databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

const FINAL = (Object.keys(transitions) as TaskState[]).filter(isFinal);

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));

  async function setup() {
    const market = await createMarketFixture({ database: opened.database });
    const node = await market.node();
    const requester = await market.requester();
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    const wakeAt = async () => (await findTask(opened.database, taskId))?.wakeAt ?? null;
    return { market, node, requester, taskId, wakeAt };
  }

  async function alarmsOf(taskId: string): Promise<number[]> {
    const rows = await opened.database.query<{ at: number }>("select at from alarms where task_id = $1 order by at", [
      taskId,
    ]);
    return rows.map(({ at }) => at);
  }

  test("a task that was put off is looked at once too early, and then again in its time", async () => {
    const { market, node, taskId, wakeAt } = await setup();
    const startBy = (await wakeAt())!;
    expect(await alarmsOf(taskId)).toContain(startBy);
    await market.start(taskId, node);
    const deliverBy = (await wakeAt())!;
    expect(deliverBy).toBeGreaterThan(startBy);
    expect(await listDueTasks(opened.database, { upTo: startBy - 1, limit: 9 })).toEqual([]);
    expect(await listDueTasks(opened.database, { upTo: startBy, limit: 9 })).toMatchObject([
      { id: taskId, wakeAt: deliverBy },
    ]);
    await market.market.resetAlarms({ taskIds: [taskId], upTo: startBy });
    expect(await listDueTasks(opened.database, { upTo: startBy, limit: 9 })).toEqual([]);
    expect(await listDueTasks(opened.database, { upTo: deliverBy, limit: 9 })).toMatchObject([
      { id: taskId, wakeAt: deliverBy },
    ]);
  });

  test("a task that is due keeps its alarm until what is due is done", async () => {
    const { market, taskId, wakeAt } = await setup();
    const startBy = (await wakeAt())!;
    await market.market.resetAlarms({ taskIds: [taskId], upTo: startBy });
    expect(await listDueTasks(opened.database, { upTo: startBy, limit: 9 })).toMatchObject([{ id: taskId }]);
  });

  test("the alarms of a task that ended go when they would go off, and no others", async () => {
    const { market, node, requester, taskId, wakeAt } = await setup();
    const other = await market.submit(requester);
    const startBy = (await wakeAt())!;
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    await market.accept(taskId, requester);
    expect(await alarmsOf(taskId)).toContain(startBy);
    await dropSpentAlarms(opened.database, { upTo: startBy - 1, states: FINAL });
    expect(await alarmsOf(taskId)).toContain(startBy);
    const kept = await alarmsOf(other);
    await dropSpentAlarms(opened.database, { upTo: Date.parse("2100-01-01"), states: FINAL });
    expect(await alarmsOf(taskId)).toEqual([]);
    expect(await alarmsOf(other)).toEqual(kept);
    expect(kept).not.toEqual([]);
  });
});
