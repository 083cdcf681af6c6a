import { openMarket } from "@stoa/market";
import type { Database } from "@stoa/store";
import * as store from "@stoa/store";
import {
  createMarketFixture,
  fillMarket,
  type FilledMarket,
  hotReads,
  type PostgresServer,
  startPostgres,
  tuneForLoading,
  type WatchedDatabase,
  watchPlans,
} from "@stoa/testkit";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDispatch } from "../../src/effects/dispatch.ts";
import { finishDrops } from "../../src/effects/follow-nodes.ts";
import { watchClock } from "../../src/effects/watch-clock.ts";
import { indexesIn, planProblems, tablesIn } from "./plan-problems.ts";

const TASKS = 1_000_000;
const FILL_DEADLINE_MS = 600_000;
/** After five runs PostgreSQL may settle on one plan for every parameter: what is looked at is the plan that stays. */
const RUNS = 7;
const log = pino({ level: "silent" });

let server: PostgresServer;
let watched: WatchedDatabase;
let database: Database;
let filled: FilledMarket;

beforeAll(async () => {
  server = await startPostgres();
  const url = await server.createDatabase("market");
  const filling = await store.openDatabase({ url });
  await tuneForLoading(filling);
  filled = await fillMarket(filling, TASKS);
  await filling.close();
  watched = await watchPlans(url);
  database = watched.database;
}, FILL_DEADLINE_MS);
afterAll(async () => {
  await watched?.[Symbol.asyncDispose]();
  await server?.stop();
});

test.each(hotReads)("$name looks at a few pages' worth of a million rows, by index", async ({ run, ...limits }) => {
  for (let i = 0; i < RUNS; i += 1) {
    watched.take();
    await run(database, filled);
  }
  const ran = watched.take();
  expect(ran.length).toBeGreaterThan(0);
  expect(planProblems(ran, limits)).toEqual([]);
});

test("a later page of entries leaves every partition alone that is newer than it", async () => {
  const at = Date.now() - 200 * 86_400_000;
  watched.take();
  for (let i = 0; i < RUNS; i += 1)
    await store.listEntries(database, { owner: filled.busyRequester, after: { at, id: "x y" }, limit: 51 });
  const newest = new Date(at).toISOString().slice(0, 7).replace("-", "");
  const read = tablesIn(watched.take()).filter((name) => name.startsWith("entries_p"));
  expect(read.length).toBeGreaterThan(0);
  expect(read.filter((name) => name.slice("entries_p".length, -2) > newest)).toEqual([]);
});

test("every statement of whole life cycles, faults and all, looks at a few rows among a million", async () => {
  watched.take();
  const market = await createMarketFixture({ database, startAt: Date.now() });
  const requester = await market.requester();
  const nodes = [await market.node(), await market.node()] as const;
  for (let i = 0; i < RUNS; i += 1) {
    const taskId = await market.submit(requester);
    await market.round([
      [nodes[0], 5_000n],
      [nodes[1], 6_000n],
    ]);
    expect(await market.fault(taskId, "not_started")).toMatchObject({ kind: "reawarded" });
    await market.start(taskId, nodes[1]);
    const execution = { taskId, node: nodes[1].key.address, executionId: "e0e0e0e0" };
    await market.market.logExecution({ ...execution, firstSeq: 0, lines: [{ atMs: 1, text: "a line" }] });
    await market.market.reportProgress({ ...execution, fraction: 0.5, text: "half" });
    await market.deliver(taskId, nodes[1]);
    await market.accept(taskId, requester);
    await market.vault(await market.settledEvent(taskId));
    market.advance(1_000);
  }
  await market.market.stop();
  const ran = watched.take();
  expect(ran.length).toBeGreaterThan(RUNS * 50);
  expect(planProblems(ran)).toEqual([]);
  const told = ran.filter(({ text }) => text.includes("execution.progressed' and") || /count\(\*\) as told/.test(text));
  expect(tablesIn(told.slice(-1)).filter((name) => name.startsWith("events_p")).length).toBeLessThan(4);
});

test("the effects' looks, at what is due and what nodes hold, look at a few rows among a million", async () => {
  const ending = new AbortController();
  const kept: ReturnType<WatchedDatabase["take"]> = [];
  // What an effect finds it acts on: here every act is refused, so that the market stays as it is.
  const refusing: Database = {
    kind: database.kind,
    script: (text) => database.script(text),
    close: () => database.close(),
    query: (text, params) => database.query(text, params),
    transaction: () => Promise.reject(new Error("nothing is changed here")),
    [Symbol.asyncDispose]: () => database.close(),
  };
  const { terms, operator } = await createMarketFixture({ database });
  const market = openMarket({ database: refusing, terms, operator });
  const context = { database: refusing, market, log, signal: ending.signal };
  const hub = { online: () => new Map(), send: () => false } as never;
  watched.take();
  const dispatch = startDispatch({ ...context, hub, objects: {} as never });
  await dispatch.resend(filled.node).catch(() => {});
  await finishDrops({ ...context }).catch(() => {});
  const clock = watchClock(context);
  await expect.poll(() => ran().some(({ text }) => text.includes("from alarms where at <="))).toBe(true);
  ending.abort();
  await Promise.all([clock.ended, dispatch.ended]);
  await market.openRound({ capability: filled.capability, asked: [] }).catch(() => {});
  await market.assignmentsOf([filled.runningTask]).catch(() => {});
  await market.stop();
  expect(indexesIn(ran())).toEqual(expect.arrayContaining(["awards_busy", "tasks_pkey", "alarms_at"]));
  expect(planProblems(ran())).toEqual([]);

  function ran() {
    kept.push(...watched.take());
    return kept;
  }
});
