import { signTyped } from "@stoa/protocol";
import { findRecord, findTask, listAllEvents, sumBalances } from "@stoa/store";
import { createMarketFixture, databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { verifyRecord, verifySupplement } from "@stoa/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

const OWN =
  (taskIds: readonly string[]) =>
  ({ data }: { data: object }) =>
    "taskId" in data && taskIds.includes(String(data.taskId));

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));
  const setup = () => createMarketFixture({ database: opened.database });

  test("an operation that is refused, or fails in the database, does not take its batch down", async () => {
    const market = await setup();
    const requester = await market.requester(1_000_000n);
    const good = await Promise.all([1, 2, 3].map(() => market.order(requester)));
    const tooDear = await market.order(requester, { maxPrice: 5_000_000n });
    const { creator, terms, manifest, agentVersion } = market;
    // A zero byte is JSON's to write and PostgreSQL's to refuse: it gets as far as the statement.
    const unwritable = { taskId: "0x00" as never, node: "\u0000" as never, awardHash: `0x${"00".repeat(32)}` as const };
    const publication = { creator: creator.address, versionId: agentVersion };
    const results = await Promise.allSettled([
      ...good.map((order) => market.market.submitTask(order)),
      market.market.submitTask(tooDear),
      market.market.markDamages({ awardHash: unwritable.awardHash, state: "skipped", txHash: null, reason: "\u0000" }),
      market.market.publishAgent({
        manifest,
        publication,
        signature: await signTyped(creator, terms.domain, "Publication", publication),
      }),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
    ]);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 700_000n,
      held: 300_000n,
    });
  });

  test("one poisonous operation among a hundred fails alone, wherever it stands", async () => {
    const market = await setup();
    const requester = await market.requester(100_000_000n);
    const poison = { awardHash: `0x${"00".repeat(32)}`, state: "skipped", txHash: null, reason: "\u0000" } as const;
    for (const place of [0, 50, 100]) {
      const orders = await Promise.all(Array.from({ length: 100 }, () => market.order(requester)));
      const held = (await sumBalances(opened.database, requester.address)).held;
      const asked = [
        ...orders.slice(0, place).map((order) => () => market.market.submitTask(order)),
        () => market.market.markDamages(poison),
        ...orders.slice(place).map((order) => () => market.market.submitTask(order)),
      ];
      const results = await Promise.allSettled(asked.map((ask) => ask()));
      expect(results.flatMap(({ status }, at) => (status === "rejected" ? [at] : []))).toEqual([place]);
      expect(await sumBalances(opened.database, requester.address)).toMatchObject({ held: held + 10_000_000n });
    }
    const seen = await opened.database.query<{ opened: bigint; told: bigint }>(
      `select count(distinct task_id) as opened, count(*) as told from events
        where type = 'task.opened' and data ->> 'requester' = $1`,
      [requester.address],
    );
    expect(seen, "no operation was taken twice").toEqual([{ opened: 300n, told: 300n }]);
  });

  test("a block of the vault that cannot be applied changes nothing, and the rest of its batch goes on", async () => {
    const market = await setup();
    const requester = await market.requester(1_000_000n);
    const owner = randomKey();
    const order = await market.order(requester);
    const taskId = await market.submit(requester, { maxPrice: 1_000n });
    const results = await Promise.allSettled([
      market.vault(
        { type: "deposited", owner: owner.address, amount: 5n },
        { type: "settled", orderHash: taskId, node: owner.address, payment: 1n, royalty: 0n, fee: 0n },
      ),
      market.market.submitTask(order),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(await sumBalances(opened.database, owner.address)).toMatchObject({ available: 0n });
    expect((await market.market.vaultCursor())?.number).toBe(1n);
  });

  test("many orders of one account at once are held to what it has, together", async () => {
    const market = await setup();
    const requester = await market.requester(1_050_000n);
    const orders = await Promise.all(Array.from({ length: 40 }, () => market.order(requester)));
    const results = await Promise.allSettled(orders.map((order) => market.market.submitTask(order)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as { code: string }] : [],
    );
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["insufficient_funds"]));
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 50_000n,
      held: 1_000_000n,
    });
  });

  test("sheets and the round's close at once: what was receipted stands in the record, what came after is told so", async () => {
    const market = await setup();
    await market.submit(await market.requester());
    const nodes = await Promise.all(Array.from({ length: 8 }, () => market.node()));
    const round = await market.openRound(nodes);
    const sheets = await Promise.all(nodes.map((node, at) => market.sheet(round, node, 5_000n + BigInt(at))));
    const [closed, again, ...placed] = await Promise.allSettled([
      market.market.closeRound(round.roundId, "window_elapsed"),
      market.market.closeRound(round.roundId, "window_elapsed"),
      ...sheets.map((sheet) => market.market.placeSheet(sheet)),
    ]);
    expect([closed, again].map((result) => result.status === "fulfilled" && result.value !== null)).toContain(true);
    const record = await findRecord(opened.database, round.roundId);
    const recorded = record?.record.body.nodes.flatMap(({ sheet }) => (sheet ? [sheet.sheet.node] : []));
    const receipted = placed.flatMap((result) =>
      result.status === "fulfilled" && result.value && "receipt" in result.value ? [result.value.receipt.node] : [],
    );
    expect(recorded?.toSorted()).toEqual(receipted.toSorted());
    const ends = await opened.database.query(
      "select 1 from events where type = 'round.closed' and data ->> 'roundId' = $1",
      [round.roundId],
    );
    expect(ends).toHaveLength(1);
  });

  test("a round closed twice at once is closed once, and its record is the one the awards name", async () => {
    const market = await setup();
    const requester = await market.requester();
    const taskId = await market.submit(requester);
    const node = await market.node();
    const round = await market.openRound([node]);
    await market.market.placeSheet(await market.sheet(round, node, 5_000n));
    const results = await Promise.all([1, 2, 3].map(() => market.market.closeRound(round.roundId, "all_answered")));
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    const record = await findRecord(opened.database, round.roundId);
    expect((await market.award(taskId)).terms.roundHash).toBe(record?.outcomeHash);
  });

  test("two rounds of a capability are never open at once", async () => {
    const market = await setup();
    await market.submit(await market.requester());
    const asked = { capability: market.capability, asked: [] };
    const results = await Promise.all([1, 2, 3].map(() => market.market.openRound(asked)));
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect(await market.market.openRound(asked)).toBeNull();
  });

  test("faults of one round at once are handled one after another, each on what the ones before left", async () => {
    const market = await setup();
    const requester = await market.requester();
    const taskIds = await Promise.all([1, 2, 3].map(() => market.submit(requester)));
    const [winner, spare, last] = [
      await market.node({ slots: 3 }),
      await market.node({ slots: 1 }),
      await market.node({ slots: 1 }),
    ];
    const roundId = await market.round([
      [winner, 5_000n],
      [spare, 6_000n],
      [last, 7_000n],
    ]);
    const held = await Promise.all(taskIds.map((taskId) => market.award(taskId)));
    const faulted = held.filter(({ node }) => node === winner.key.address).map(({ taskId }) => taskId);
    expect(faulted.length).toBeGreaterThan(1);
    const outcomes = await Promise.all(faulted.map((taskId) => market.fault(taskId, "refused")));
    const taken = outcomes.flatMap((outcome) => (outcome.kind === "reawarded" ? [outcome.node] : []));
    expect(new Set(taken).size, "no node got more than its one slot").toBe(taken.length);
    const published = await findRecord(opened.database, roundId);
    expect(published?.supplements).toHaveLength(faulted.length);
    expect(await verifyRecord(published?.record, { payments: true })).toMatchObject({ ok: true });
    const records = published?.supplements.map(({ record }) => record) ?? [];
    for (const [at, supplement] of records.entries()) {
      expect(await verifySupplement(published!.record, records.slice(0, at), supplement)).toMatchObject({ ok: true });
    }
  });

  test("a node linked twice at once stays with one provider", async () => {
    const market = await setup();
    const key = randomKey();
    const link = async () => {
      const provider = randomKey();
      const message = { node: key.address, provider: provider.address, expiresAt: BigInt(market.now() / 1_000 + 60) };
      return {
        link: message,
        signature: await signTyped(provider, market.terms.domain, "NodeLink", message),
        name: "x",
        slots: 1,
        agents: [],
      };
    };
    const links = [await link(), await link()];
    const results = await Promise.allSettled(links.map((each) => market.market.linkNode(each)));
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const [row] = await opened.database.query<{ same: boolean }>(
      "select provider = link ->> 'provider' as same from nodes where id = $1",
      [key.address],
    );
    expect(row).toEqual({ same: true });
  });

  test("a market that stops writes what waits and takes nothing new", async () => {
    const market = await setup();
    const order = await market.order(await market.requester());
    // The order's own checks read the database before it queues: give it the time they take.
    const { taskId } = await market.market.submitTask(order);
    const cancelled = market.market.cancelTask({ taskId, requester: order.order.requester });
    await market.market.stop();
    await cancelled;
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "cancelled" });
    await expect(market.market.cancelTask({ taskId, requester: order.order.requester })).rejects.toMatchObject({
      code: "server_unavailable",
    });
  });

  test.runIf(kind.shared)(
    "two servers on one database keep the event log in commit order and overdraw nothing",
    async () => {
      const first = await setup();
      const second = first.reopen(await opened.another());
      const requester = await first.requester(2_050_000n);
      const orders = await Promise.all(Array.from({ length: 60 }, () => first.order(requester)));
      let reading = true;
      let cursor = 0;
      const seen: number[] = [];
      const reader = (async () => {
        while (reading || (await listAllEvents(opened.database, cursor, 1)).length > 0) {
          for (const { seq } of await listAllEvents(opened.database, cursor, 5)) {
            seen.push(seq);
            cursor = seq;
          }
        }
      })();
      const results = await Promise.allSettled(
        orders.map((order, at) => (at % 2 ? first : second).market.submitTask(order)),
      );
      reading = false;
      await reader;
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
      expect(await sumBalances(opened.database, requester.address)).toMatchObject({
        available: 50_000n,
        held: 2_000_000n,
      });
      const all = await listAllEvents(opened.database, 0, 100_000);
      expect(seen, "a cursor reader missed nothing").toEqual(all.map(({ seq }) => seq));
      const taskIds = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.taskId] : []));
      expect(all.filter(OWN(taskIds))).toHaveLength(20);
    },
  );
});
