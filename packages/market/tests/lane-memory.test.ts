import { available, type LedgerAccount } from "@stoa/core";
import { StoaError } from "@stoa/protocol";
import { type Database, findTask, listAllEvents, loadBalances, type Queryable, sumBalances } from "@stoa/store";
import { createMarketFixture, databaseKinds, type MarketFixture, randomKey, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Lane } from "../src/lane/lane.ts";
import type { Operation } from "../src/lane/operation.ts";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));

  /** A task that runs, and all that the market remembers of it. */
  async function running(market: MarketFixture) {
    const node = await market.node();
    const requester = await market.requester();
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    return { node, requester, taskId };
  }

  const told = async (taskId: string, type: string) =>
    (await listAllEvents(opened.database, 0, 100_000)).filter(
      (event) => event.type === type && "taskId" in event.data && event.data.taskId === taskId,
    ).length;

  test.runIf(kind.shared)("what another server changed is read again, never decided on as it was", async () => {
    const first = await createMarketFixture({ database: opened.database });
    const second = first.reopen(await opened.another());
    const { node, requester, taskId } = await running(first);
    await second.deliver(taskId, node);
    const split = await first.accept(taskId, requester);
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "settled" });
    expect(await second.accept(taskId, requester)).toEqual(split);
    expect(await told(taskId, "task.settled")).toBe(1);
  });

  test.runIf(kind.shared)("money another server spent is not spent again", async () => {
    const first = await createMarketFixture({ database: opened.database });
    const second = first.reopen(await opened.another());
    const requester = await first.requester(250_000n);
    await first.submit(requester);
    await second.submit(requester);
    await expect(first.submit(requester)).rejects.toMatchObject({ code: "insufficient_funds" });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 50_000n });
  });

  test.runIf(kind.shared)(
    "batches decided ahead of their turn are decided anew when another server wrote first",
    async () => {
      const first = await createMarketFixture({ database: opened.database, maxBatch: 120 });
      const second = first.reopen(await opened.another());
      const requester = await first.requester(25_000_000n);
      const orders = await Promise.all(Array.from({ length: 600 }, () => first.order(requester)));
      const results = await Promise.allSettled(
        orders.map((order, at) => (at % 4 === 0 ? second : first).market.submitTask(order)),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(250);
      const refused = results.flatMap((each) => (each.status === "rejected" ? [(each.reason as StoaError).code] : []));
      expect(new Set(refused)).toEqual(new Set(["insufficient_funds"]));
    },
  );

  test("a commit whose answer was lost is believed neither way: the database is asked again", async () => {
    const faulty = loseAnswers(opened.database);
    const market = await createMarketFixture({ database: faulty.database });
    const { node, requester, taskId } = await running(market);
    faulty.lose("after the commit");
    await expect(market.deliver(taskId, node)).rejects.toMatchObject({ code: "database_unavailable" });
    await market.deliver(taskId, node);
    faulty.lose("before the commit");
    await expect(market.accept(taskId, requester)).rejects.toMatchObject({ code: "database_unavailable" });
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "delivered" });
    await market.accept(taskId, requester);
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "settled" });
    expect([await told(taskId, "task.delivered"), await told(taskId, "task.settled")]).toEqual([1, 1]);
  });

  test("a lane that remembers next to nothing decides the same", async () => {
    const market = await createMarketFixture({ database: opened.database, maxBatch: 7, remembered: 3 });
    const nodes = await Promise.all([1, 2, 3].map(() => market.node({ slots: 20 })));
    const requester = await market.requester(100_000_000n);
    const taskIds = await Promise.all(Array.from({ length: 40 }, () => market.submit(requester)));
    await market.round(nodes.map((node) => [node, 5_000n] as const));
    const held = await Promise.all(taskIds.map((taskId) => market.award(taskId)));
    const run = held.map(async ({ taskId, node: winner }) => {
      const node = nodes.find(({ key }) => key.address === winner)!;
      await market.start(taskId, node);
      await market.deliver(taskId, node);
      return market.accept(taskId, requester);
    });
    expect(await Promise.all(run)).toHaveLength(40);
    for (const taskId of taskIds) expect(await told(taskId, "task.settled")).toBe(1);
  });

  test("what was decided on a batch that failed is decided again on what there is", async () => {
    const market = await createMarketFixture({ database: opened.database });
    const payer = await market.requester(250n);
    const [from, to] = [available(payer.address), available(randomKey().address)];
    const lane = new Lane({
      database: opened.database,
      instant: market.now,
      clock: market.now,
      onEvents: () => {},
      onAway: () => {},
      maxBatch: 150,
    });
    // Takes a hundred and fails: whoever was decided on what it left must get the hundred all the same.
    const fail = (at: number): Operation<void> => ({
      ...pay(from, to, `${payer.address}:fail:${at}`, 100n),
      decide(set) {
        pay(from, to, `${payer.address}:fail:${at}`, 100n).decide(set);
        set.defer((tx) => tx.query("select 1 / 0"));
      },
    });
    const results = await Promise.allSettled(
      Array.from({ length: 300 }, (_, at) =>
        lane.run(at === 100 ? fail(at) : pay(from, to, `${payer.address}:${at}`, 1n)),
      ),
    );
    await lane.stop();
    expect(results[100]).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("zero") } });
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(250);
    expect(new Map(await loadBalances(opened.database, [from, to]))).toEqual(
      new Map([
        [from, 0n],
        [to, 250n],
      ]),
    );
  });
});

/** Moves money, or refuses. */
function pay(from: LedgerAccount, to: LedgerAccount, id: string, amount: bigint): Operation<void> {
  return {
    name: "pay",
    accounts: () => [from],
    decide(set) {
      const posting = { id: `test:${id}`, kind: "repay" as const, taskId: null, transfers: [{ from, to, amount }] };
      if (set.book.shortfall(posting)) throw new StoaError("insufficient_funds", "there is nothing left");
      set.post(posting);
    },
  };
}

/** A database whose next transaction ends without its caller being told how. */
function loseAnswers(inner: Database): {
  database: Database;
  lose(when: "before the commit" | "after the commit"): void;
} {
  let losing: "before the commit" | "after the commit" | undefined;
  const lost = () => new StoaError("database_unavailable", "the connection broke");
  async function transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    const when = losing;
    losing = undefined;
    const result = await inner.transaction(async (tx) => {
      const worked = await work(tx);
      if (when === "before the commit") throw lost();
      return worked;
    });
    if (when === "after the commit") throw lost();
    return result;
  }
  return {
    database: {
      kind: inner.kind,
      query: (text, params) => inner.query(text, params),
      script: (text) => inner.script(text),
      listen: (channel, heard) => inner.listen(channel, heard),
      tryLease: (name) => inner.tryLease(name),
      transaction,
      close: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
    },
    lose: (when) => void (losing = when),
  };
}
