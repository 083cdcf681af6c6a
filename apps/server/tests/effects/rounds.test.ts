import { findRecord, findRound, findTask } from "@stoa/store";
import { limits, type RoundId } from "@stoa/protocol";
import { type Ask, createMarketFixture, databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRounds } from "./rounds-fixture.ts";

/** A window nobody waits for: a round that closes far within it was closed by its answers. */
const LONG_MS = 60_000;

let opened: TestDatabase;
beforeAll(async () => {
  opened = await databaseKinds.find(({ name }) => name === "PostgreSQL")!.start();
});
afterAll(() => opened[Symbol.asyncDispose]());

const start = (windowMs: number) => startRounds({ database: opened.database, windowMs });

describe("a round", () => {
  test("of an idle market ends when every node has answered, long before its window", async () => {
    await using fixture = await start(LONG_MS);
    await fixture.bidder();
    await fixture.bidder();
    const taskId = await fixture.submit();
    const { data, at } = await fixture.awarded(taskId);
    const round = await findRound(opened.database, data.roundId as RoundId);
    expect(round).toMatchObject({ closeReason: "all_answered" });
    expect(at - round!.openedAt).toBeLessThan(LONG_MS / 4);
  });

  test("waits for a silent node until its window is over, and no longer", async () => {
    const windowMs = 1_000;
    await using fixture = await start(windowMs);
    await fixture.bidder();
    const silent = await fixture.bidder({ answer: () => null });
    const taskId = await fixture.submit();
    const { data } = await fixture.awarded(taskId);
    expect(data.node).not.toBe(silent.address);
    const round = await findRound(opened.database, data.roundId as RoundId);
    expect(round).toMatchObject({ closeReason: "window_elapsed" });
    const lasted = round!.closedAt! - round!.openedAt;
    expect(lasted).toBeGreaterThanOrEqual(windowMs);
    expect(lasted).toBeLessThan(windowMs * 10);
  });

  test("that is full is followed by another for the tasks it had no place for", async () => {
    await using fixture = await start(LONG_MS);
    const held = Promise.withResolvers<Ask>();
    const rounds: number[] = [];
    await fixture.bidder({
      answer(round) {
        rounds.push(round.opening.tasks.length);
        return rounds.length === 1 ? held.promise : 5_000n;
      },
      slots: limits.tasksPerRound + 2,
      stake: 100_000_000n,
    });
    const first = await fixture.submit();
    await fixture.event("round.opened", ({ capability }) => capability === fixture.market.capability);
    const others = await Promise.all(Array.from({ length: limits.tasksPerRound + 1 }, () => fixture.submit()));
    held.resolve(5_000n);
    for (const taskId of [first, ...others]) await fixture.awarded(taskId);
    expect(rounds).toEqual([1, limits.tasksPerRound, 1]);
  });

  test("takes all the tasks that came while the one before it was open", async () => {
    await using fixture = await start(LONG_MS);
    const held = Promise.withResolvers<Ask>();
    const rounds: number[] = [];
    await fixture.bidder({
      answer(round) {
        rounds.push(round.opening.tasks.length);
        return rounds.length === 1 ? held.promise : 5_000n;
      },
      slots: 20,
    });
    const first = await fixture.submit();
    await fixture.event("round.opened", ({ capability }) => capability === fixture.market.capability);
    const others = await Promise.all(Array.from({ length: 9 }, () => fixture.submit()));
    held.resolve(5_000n);
    for (const taskId of [first, ...others]) await fixture.awarded(taskId);
    expect(rounds).toEqual([1, 9]);
  });

  test("of one capability does not wait for another's, whose nodes are silent", async () => {
    await using fixture = await start(LONG_MS);
    const { market } = fixture;
    const other = `${market.capability}.other`;
    await fixture.bidder();
    await fixture.bidder({ agentVersion: await fixture.publish(other), answer: () => null });
    const stuck = await fixture.submit({ spec: { capability: other } });
    const { data } = await fixture.event("round.opened", ({ capability }) => capability === other);
    for (let tasks = 0; tasks < 3; tasks += 1) await fixture.awarded(await fixture.submit());
    expect(await findRound(opened.database, data.roundId as RoundId)).toMatchObject({ state: "open" });
    expect(await findTask(opened.database, stuck)).toMatchObject({ state: "open" });
  });

  test("that a crash left open holds up its own capability alone", async () => {
    const left = await createMarketFixture({
      database: opened.database,
      isLive: true,
      terms: { roundWindowMs: LONG_MS },
    });
    await left.submit(await left.requester());
    const open = await left.openRound([await left.node()]);
    await using fixture = await start(LONG_MS);
    await fixture.bidder();
    await fixture.awarded(await fixture.submit());
    expect(await findRound(opened.database, open.roundId)).toMatchObject({ state: "open" });
    await left.market.stop();
  });
});

describe("a task nobody takes", () => {
  test("says at once when no node can be asked, and why, by node", async () => {
    await using fixture = await start(LONG_MS);
    await fixture.bidder({ agentVersion: `0x${"00".repeat(32)}` });
    const gone = await fixture.bidder();
    await gone[Symbol.asyncDispose]();
    await fixture.event("node.offline", ({ node }) => node === gone.address);
    const taskId = await fixture.submit();
    const { data, audience } = await fixture.unserved(taskId);
    expect(audience).not.toBeNull();
    expect(data.roundId).toBeNull();
    const counts = Object.fromEntries(data.reasons.map(({ reason, nodes }) => [reason, nodes]));
    expect(counts["offline"]).toBe(1);
    expect(counts["no_agent"]).toBeGreaterThanOrEqual(1);
    expect(fixture.events.filter(({ type }) => type === "round.opened")).toEqual([]);
    // It is auctioned as soon as there is somebody to ask.
    await fixture.bidder();
    await fixture.awarded(taskId);
  });

  test("says what it would cost in bands of three providers, of what their nodes tell beside their sheets", async () => {
    await using fixture = await start(LONG_MS);
    for (const costs of [150_000n, 160_000n, 190_000n]) await fixture.bidder({ answer: () => "price_too_low", costs });
    const taskId = await fixture.submit({ maxPrice: 100_000n });
    const { data } = await fixture.unserved(taskId);
    expect(data.reasons[0]).toEqual({
      reason: "price_too_low",
      nodes: 3,
      bands: [{ above: "0", upTo: "200000", nodes: { atLeast: 3, atMost: 5 } }],
    });
    const found = await findRecord(opened.database, data.roundId as RoundId);
    for (const cost of ["150000", "160000", "190000"]) expect(JSON.stringify(found?.record)).not.toContain(cost);
  });

  test("names no figure when one of only three nodes does not tell its cost", async () => {
    await using fixture = await start(LONG_MS);
    for (const costs of [150_000n, 160_000n]) await fixture.bidder({ answer: () => "price_too_low", costs });
    await fixture.bidder({ answer: () => "price_too_low" });
    const { data } = await fixture.unserved(await fixture.submit());
    expect(data.reasons[0]).toEqual({ reason: "price_too_low", nodes: 3 });
  });

  test("says of a node whose sheet was turned away that its stake is too small", async () => {
    const windowMs = 1_500;
    await using fixture = await start(windowMs);
    // Enough for one slot of the four it offers.
    await fixture.bidder({ stake: fixture.market.terms.minBond });
    const { data } = await fixture.unserved(await fixture.submit());
    expect(data.reasons[0]).toEqual({ reason: "stake_too_small", nodes: 1 });
  });
});

describe("a quote", () => {
  const would = (cost: bigint) => () => ({
    reason: 0,
    cost: cost.toString(),
    freeSlots: 1,
    freeInMs: 0,
    promisedSeconds: 2,
  });

  test("asks live nodes, once for all who ask about the same, and nothing is ordered", async () => {
    await using fixture = await start(LONG_MS);
    let askings = 0;
    await fixture.bidder({
      quote(asked) {
        askings += 1;
        expect(asked).not.toHaveProperty("maxPrice");
        return would(5_000n)();
      },
    });
    await fixture.bidder({ quote: would(6_000n) });
    const { capability } = fixture.market;
    const quotes = await Promise.all(
      [900, 1_000, 1_024].map((inputBytes) => fixture.quotes.ask({ capability, agentVersion: null, inputBytes })),
    );
    expect(askings).toBe(1);
    expect(quotes[0]?.answers.map(({ cost }) => cost).toSorted()).toEqual([5_000n, 6_000n]);
    expect(fixture.events.filter(({ type }) => type === "task.opened" || type === "round.opened")).toEqual([]);
  });

  test("does not wait for a silent node longer than half a window", async () => {
    await using fixture = await start(1_000);
    await fixture.bidder({ quote: would(5_000n) });
    await fixture.bidder();
    const { capability } = fixture.market;
    const { answers } = await fixture.quotes.ask({ capability, agentVersion: null, inputBytes: 1 });
    expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(["no_answer", null]));
  });

  test("is refused to whoever would flood the nodes by varying the question", async () => {
    await using fixture = await start(LONG_MS);
    const { capability } = fixture.market;
    const ask = (agentVersion: `0x${string}`) => fixture.quotes.ask({ capability, agentVersion, inputBytes: 1 });
    const flood = Array.from({ length: 50 }, async (_, at) => ask(`0x${at.toString(16).padStart(64, "0")}`));
    const refused = (await Promise.allSettled(flood)).filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(30);
    expect(refused[0]).toMatchObject({ reason: { code: "too_many_requests" } });
  });
});
