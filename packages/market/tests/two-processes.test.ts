import { openMarket } from "@stoa/market";
import { type EventRecord, limits, type RoundId, type TaskId } from "@stoa/protocol";
import { type Database, findTask, listAllEvents, listAwardsOfTask, sumBalances } from "@stoa/store";
import { createMarketFixture, databaseKinds, type MarketFixture, randomKey, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

/*
 * Two markets over one PostgreSQL, as two server processes have them: each with a lane, pools and whatever it keeps in
 * memory of its own. What one keeps of a task, a balance or a node is stale as soon as the other has changed it.
 */

const postgres = databaseKinds.find(({ shared }) => shared)!;
let opened: TestDatabase;
let other: Database;

beforeAll(async () => {
  opened = await postgres.start();
  other = await opened.another();
});
afterAll(() => opened[Symbol.asyncDispose]());
afterEach(() => expectSoundLedger(opened.database));

async function setup(): Promise<[MarketFixture, MarketFixture]> {
  const first = await createMarketFixture({ database: opened.database });
  return [first, first.reopen(other)];
}

/** The value of the one that did it, when both were asked and one may. */
function onlyOne<Value>(results: readonly PromiseSettledResult<Value>[], did: (value: Value) => boolean): Value {
  const doers = results.flatMap((result) => (result.status === "fulfilled" && did(result.value) ? [result.value] : []));
  expect(doers).toHaveLength(1);
  return doers[0]!;
}

test("the same operations asked of both at once count once, from the order to the settlement", async () => {
  const [first, second] = await setup();
  const both = [first, second];
  const requester = await first.requester(10_000_000n);
  const nodes = await Promise.all(Array.from({ length: 5 }, () => first.node({ slots: 8 })));
  const orders = await Promise.all(Array.from({ length: 30 }, () => first.order(requester)));
  const submitted = await Promise.all(
    orders.map((order) => Promise.allSettled(both.map(({ market }) => market.submitTask(order)))),
  );
  const taskIds = submitted.map((results) => onlyOne(results, ({ created }) => created).taskId);

  const asked = nodes.map(({ key }) => ({ node: key.address, waitedFor: true }));
  const openings = both.map(({ market, capability }) => market.openRound({ capability, asked }));
  const round = onlyOne(await Promise.allSettled(openings), (value) => value !== null)!;
  const sheets = await Promise.all(nodes.map((node, at) => first.sheet(round, node, 5_000n + BigInt(at))));
  const receipts = await Promise.all(sheets.flatMap((sheet) => both.map(({ market }) => market.placeSheet(sheet))));
  expect(new Set(receipts.map(({ receipt }) => receipt.answersRoot)).size).toBe(nodes.length);
  const closings = both.map(({ market }) => market.closeRound(round.roundId, "all_answered"));
  expect(onlyOne(await Promise.allSettled(closings), (value) => value !== null)?.awarded).toHaveLength(30);

  await Promise.all(taskIds.map((taskId) => runThrough(both, nodes, taskId)));
  await Promise.all(taskIds.flatMap((taskId) => both.map((market) => market.accept(taskId, requester))));
  for (const taskId of taskIds) {
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "settled", attempts: 0 });
    expect(await listAwardsOfTask(opened.database, taskId)).toHaveLength(1);
  }
  const told = (await listAllEvents(opened.database, 0, 100_000)).filter(({ data }) => {
    return "taskId" in data && taskIds.includes(data.taskId as TaskId);
  });
  for (const type of ["task.opened", "task.awarded", "task.running", "task.delivered", "task.settled"])
    expect(told.filter((event) => event.type === type)).toHaveLength(30);
});

async function runThrough(
  both: readonly MarketFixture[],
  nodes: readonly Awaited<ReturnType<MarketFixture["node"]>>[],
  taskId: TaskId,
): Promise<void> {
  const award = await both[0]!.award(taskId);
  const winner = nodes.find(({ key }) => key.address === award.node)!;
  await Promise.all(both.map((market) => market.start(taskId, winner)));
  await Promise.all(both.map((market) => market.deliver(taskId, winner)));
}

test("each step of a task is decided on what the other process has just made of it", async () => {
  const [first, second] = await setup();
  const requester = await first.requester(1_000_000n);
  const node = await first.node();
  for (let turn = 0; turn < 8; turn += 1) {
    const [here, there] = turn % 2 === 0 ? [first, second] : [second, first];
    const taskId = await here.submit(requester);
    const round = await there.openRound([node]);
    await here.market.placeSheet(await here.sheet(round, node, 5_000n));
    await there.market.closeRound(round.roundId, "all_answered");
    // Decided here already: each of these must be refused by the one that has not seen the change made.
    await expect(here.market.cancelTask({ taskId, requester: requester.address })).rejects.toMatchObject({
      code: "wrong_state",
    });
    await here.start(taskId, node);
    await there.deliver(taskId, node);
    await expect(here.deliver(taskId, node, { text: "another result" })).rejects.toMatchObject({ code: "wrong_state" });
    await here.accept(taskId, requester);
    expect(await there.accept(taskId, requester)).toEqual(await here.accept(taskId, requester));
  }
});

test("a balance is spent once, whichever process is asked", async () => {
  const [first, second] = await setup();
  const requester = await first.requester(250_000n);
  const kept = await first.submit(requester);
  const taken = await second.submit(requester);
  for (const market of [first, second, first])
    await expect(market.submit(requester)).rejects.toMatchObject({ code: "insufficient_funds" });
  await first.market.cancelTask({ taskId: taken, requester: requester.address });
  await second.submit(requester);
  await expect(first.submit(requester)).rejects.toMatchObject({ code: "insufficient_funds" });
  await second.market.cancelTask({ taskId: kept, requester: requester.address });
  await second.fund(requester, 100_000n);
  await first.submit(requester);
  await second.submit(requester);
  expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 50_000n, held: 300_000n });
});

test("an order's number, a session key's limit and a log's bound hold over both", async () => {
  const [first, second] = await setup();
  const requester = await first.requester(1_000_000n);
  const { order } = await first.order(requester);
  await first.submit(requester, { order: { nonce: order.nonce } });
  await expect(second.submit(requester, { order: { nonce: order.nonce }, maxPrice: 1_000n })).rejects.toMatchObject({
    code: "nonce_used",
  });
  const session = { key: randomKey(), limits: { maxTotal: 150_000n } };
  await second.submit(requester, { session });
  await expect(first.submit(requester, { session })).rejects.toMatchObject({ code: "session_key_limit" });

  const [alone, beside] = await setup();
  const node = await alone.node();
  const taskId = await alone.submit(await alone.requester());
  await alone.round([[node, 5_000n]]);
  await beside.start(taskId, node);
  const text = "x".repeat(limits.logBytes / 2);
  const log = (market: MarketFixture, firstSeq: number) =>
    market.market.logExecution({
      taskId,
      node: node.key.address,
      executionId: "e0e0e0e0",
      firstSeq,
      lines: [{ atMs: 1, text }],
    });
  await log(alone, 0);
  await log(beside, 1);
  await log(alone, 1);
  await expect(log(alone, 2)).rejects.toMatchObject({ code: "too_large" });
});

test("faults, retries and pauses are counted over both", async () => {
  const [first, second] = await setup();
  const requester = await first.requester();
  const node = await first.node();
  const retry = { maxAttempts: 2, backoffSeconds: 0, deadLetter: true };
  const taskId = await first.submit(requester, { spec: { retry } });
  for (const market of [first, second, second, first]) {
    const there = market === first ? second : first;
    await there.round([[node, 5_000n]]);
    await market.start(taskId, node);
    const { hash: awardHash } = await market.award(taskId);
    const failure = { taskId, node: node.key.address, awardHash, reason: "crashed", message: "" };
    await Promise.allSettled([first.market.failExecution(failure), second.market.failExecution(failure)]);
    if ((await findTask(opened.database, taskId))?.state === "dead")
      await there.market.retryTask({ taskId, requester: requester.address });
  }
  expect(await findTask(opened.database, taskId)).toMatchObject({ state: "open", attempts: 0, retries: 2 });
  expect(await listAwardsOfTask(opened.database, taskId)).toHaveLength(4);
});

test("rounds of one capability run by both in turn make one unbroken chain of records", async () => {
  const [first, second] = await setup();
  const requester = await first.requester(100_000_000n);
  const node = await first.node({ slots: 4 });
  const rounds: RoundId[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    await Promise.all([first.submit(requester), second.submit(requester)]);
    const asked = [{ node: node.key.address, waitedFor: true }];
    const opening = [first, second].map(({ market, capability }) => market.openRound({ capability, asked }));
    const round = onlyOne(await Promise.allSettled(opening), (value) => value !== null)!;
    rounds.push(round.roundId);
    await (turn % 2 ? first : second).market.closeRound(round.roundId, "window_elapsed");
  }
  const rows = await opened.database.query<{ previous: string; outcome: string }>(
    `select opening ->> 'previousHash' as previous, outcome_hash as outcome from rounds
      where id = any($1::text[]) order by position`,
    [rounds],
  );
  expect(rows.map(({ previous }) => previous).slice(1)).toEqual(rows.map(({ outcome }) => outcome).slice(0, -1));
});

test("each hears of every event of both, once and in order, its own without waiting for the database", async () => {
  const [first, second] = await setup();
  const heard = [first, second].map(({ market }) => {
    const events: EventRecord[] = [];
    const stop = market.events.onAppended((appended) => events.push(...appended));
    return { events, stop };
  });
  await Promise.all([first, second].map(({ market }) => new Promise<void>((resolve) => market.events.onGap(resolve))));
  const [{ seq: before }] = (await opened.database.query<{ seq: bigint }>(
    "select coalesce(max(seq), 0)::bigint as seq from events",
  )) as [{ seq: bigint }];
  const requester = await first.requester(10_000_000n);
  await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const { market } = at % 2 ? first : second;
      const order = await first.order(requester);
      const { taskId } = await market.submitTask(order);
      // A transaction that is undone leaves a gap in the numbers.
      if (at % 5 === 0) await undone(at % 2 ? opened.database : other);
      await (at % 3 ? first : second).market.cancelTask({ taskId, requester: requester.address });
    }),
  );
  const all = (await listAllEvents(opened.database, Number(before), 10_000)).map(({ seq }) => seq);
  for (const { events } of heard) {
    const deadline = Date.now() + 20_000;
    while (events.filter(({ seq }) => seq > Number(before)).length < all.length && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(events.map(({ seq }) => seq).filter((seq) => seq > Number(before))).toEqual(all);
  }
  for (const { stop } of heard) stop();
  await first.market.stop();
  await second.market.stop();
});

/** Takes a number of the log's and gives it back to nobody. */
async function undone(database: Database): Promise<void> {
  const undoing = database.transaction(async (tx) => {
    await tx.query("insert into events (type, at, data) values ('task.accepted', now(), '{}')");
    throw new Error("undone");
  });
  await expect(undoing).rejects.toThrow("undone");
}

test("a market goes by the database's time, whatever its own process believes", async () => {
  const [{ terms, operator }] = await setup();
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    static override now = () => RealDate.now() - 3_600_000;
  } as DateConstructor;
  try {
    const market = openMarket({ database: other, terms, operator });
    await market.ready;
    expect(Math.abs(market.now() - RealDate.now())).toBeLessThan(60_000);
    const fixture = await createMarketFixture({ database: opened.database, startAt: RealDate.now() });
    const requester = await fixture.requester();
    const own = openMarket({ database: other, terms: fixture.terms, operator: fixture.operator });
    await own.ready;
    // By the process's clock this deadline is an hour away; by the database's it is past.
    const late = BigInt(Math.floor(RealDate.now() / 1_000) - 10);
    await expect(own.submitTask(await fixture.order(requester, { order: { deliverBy: late } }))).rejects.toMatchObject({
      code: "invalid_deadline",
    });
    const { taskId } = await own.submitTask(await fixture.order(requester));
    const task = await findTask(opened.database, taskId);
    expect(Math.abs(task!.openedAt - RealDate.now())).toBeLessThan(60_000);
    await own.expireTask(taskId);
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "open" });
    await Promise.all([market.stop(), own.stop()]);
  } finally {
    globalThis.Date = RealDate;
  }
});

test("none of it came to a deadlock", async () => {
  const rows = await opened.database.query<{ deadlocks: bigint }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  expect(rows).toEqual([{ deadlocks: 0n }]);
});
