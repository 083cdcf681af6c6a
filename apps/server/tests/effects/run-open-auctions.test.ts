import { type NodeHub, startNodeHub } from "@stoa/network";
import { findAuction, findTask } from "@stoa/store";
import { createMarketFixture, databaseKinds, type Offer, signOffer, type TestDatabase } from "@stoa/testkit";
import { pino } from "pino";
import { generatePrivateKey } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { joinServers, newServerId } from "../../src/effects/join-servers.ts";
import { runOpenAuctions } from "../../src/effects/run-open-auctions.ts";

const log = pino({ level: "silent" });
const WITHIN = { timeout: 20_000, interval: 20 };

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("on $name", (kind) => {
  let opened: TestDatabase;
  let hub: NodeHub;
  beforeAll(async () => {
    opened = await kind.start();
    hub = await startNodeHub({
      privateKey: generatePrivateKey(),
      listen: ["/ip4/127.0.0.1/tcp/0"],
      market: {
        operator: `0x${"11".repeat(20)}`,
        chainId: 1,
        vault: `0x${"22".repeat(20)}`,
        token: `0x${"33".repeat(20)}`,
        feeBps: 0,
      },
      authorise: async () => {},
      onMessage: async () => {},
      onOnline: async () => {},
      onOffline: async () => {},
      log,
    });
  });
  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  /** A task under auction since a while ago, with two nodes that are not connected; `now` is when the clock starts. */
  async function setup(openedAgoMs: number) {
    const market = await createMarketFixture({ database: opened.database, startAt: Date.now() - openedAgoMs });
    const nodes = [await market.node(), await market.node()] as const;
    const taskId = await market.submit(await market.requester(), { maxPrice: 102_000n, spec: { auction: "open" } });
    const auction = await market.market.openAuction({ taskId, asked: nodes.map(({ key }) => key.address) });
    if (!auction) throw new Error("the task is not auctioned");
    const say = async (node: 0 | 1, offer: Offer) =>
      market.market.placeOpenBid(await signOffer(market, auction, nodes[node], offer));
    return { market, nodes, taskId, auction, say, run: () => startClock(market, openedAgoMs) };
  }

  async function startClock(market: Awaited<ReturnType<typeof createMarketFixture>>, openedAgoMs: number) {
    market.advance(openedAgoMs);
    const stopping = new AbortController();
    const { signal } = stopping;
    const context = { database: opened.database, market: market.market, hub, log, signal };
    const servers = await joinServers({ ...context, id: newServerId(), addresses: () => hub.addresses() });
    const clock = runOpenAuctions({ ...context, retryMs: 60_000, servers });
    return {
      async [Symbol.asyncDispose]() {
        stopping.abort();
        await clock.ended;
        await servers.leave();
      },
    };
  }

  test("an auction whose end passed while the server was down is closed by the next one", async () => {
    const { nodes, taskId, auction, say, run } = await setup(60_000);
    await say(0, { number: 1, price: 90_000n });
    await using running = new AsyncDisposableStack();
    running.use(await run());
    await vi.waitFor(async () => {
      expect(await findAuction(opened.database, auction.auctionId)).toMatchObject({
        state: "closed",
        closeReason: "ended",
        lead: { node: nodes[0].key.address },
      });
      expect(await findTask(opened.database, taskId)).toMatchObject({ state: "awarded" });
    }, WITHIN);
  });

  test("a winner that is gone when it wins fails at once, and the next best bid takes the task over", async () => {
    const { market, nodes, taskId, say, run } = await setup(0);
    await say(1, { number: 1, price: 99_000n });
    await say(0, { number: 2, price: 90_000n });
    await say(1, "price_too_low");
    await market.market.markNodeOffline({ node: nodes[0].key.address, reason: "killed" });
    await using running = new AsyncDisposableStack();
    running.use(await run());
    await vi.waitFor(async () => {
      expect(await findTask(opened.database, taskId)).toMatchObject({ failedNodes: [nodes[0].key.address] });
      expect(await market.award(taskId)).toMatchObject({ node: nodes[1].key.address, price: 99_000n });
    }, WITHIN);
  });

  test("an auction whose task was cancelled is closed without an award", async () => {
    const { market, taskId, auction, say, run } = await setup(0);
    await say(0, { number: 1, price: 90_000n });
    await using running = new AsyncDisposableStack();
    running.use(await run());
    const requester = (await findTask(opened.database, taskId))!.requester;
    await market.market.cancelTask({ taskId, requester });
    await vi.waitFor(async () => {
      expect(await findAuction(opened.database, auction.auctionId)).toMatchObject({ closeReason: "withdrawn" });
    }, WITHIN);
  });
});
