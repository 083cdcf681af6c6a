import { join } from "node:path";
import { until, wallets } from "@stoa/local";
import type { Hash, Json, Task } from "@stoa/protocol";
import { type AnyEvent, createClient } from "@stoa/sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type BootedMarket,
  bootMarket,
  gatekeeper,
  nodeOf,
  openGates,
  PATIENCE_MS,
  publishTestAgent,
} from "./boot-market.ts";
import { patientClient } from "./requester.ts";
import { problemsAfterKill, runStoa } from "./run-stoa.ts";

const MAX_PRICE = 50_000n;
const INPUT = { text: "The lead falls for all to see, and the market says by whom." };

let booted: BootedMarket;
const client = () => booted.market.client;

beforeAll(async () => {
  booted = await bootMarket({
    serverEnv: {
      STOA_NODE_GRACE_MS: "5000",
      // Long enough for a server to be killed and come back; the bidding itself ends when one node goes no lower.
      STOA_OPEN_WINDOW_MS: "20000",
      STOA_OPEN_SOFT_CLOSE_MS: "20000",
    },
  });
  const gates = await publishTestAgent(booted.market, gatekeeper);
  await openGates(booted.dataFolder, "boeotia", gates, ["boeotia"]);
});

afterAll(async () => {
  await booted?.[Symbol.asyncDispose]();
});

/** Everything public that a stranger hears over the WebSocket, as it comes. */
function listen() {
  const stop = new AbortController();
  const heard: (AnyEvent & { heardAt: number })[] = [];
  const stranger = createClient({ url: booted.market.url });
  const listening = (async () => {
    for await (const event of stranger.events.stream({ after: 0, signal: stop.signal }))
      heard.push({ ...event, heardAt: Date.now() });
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    of: <Type extends AnyEvent["type"]>(type: Type) =>
      heard.filter((event): event is Extract<AnyEvent, { type: Type }> & { heardAt: number } => event.type === type),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await listening;
    },
  };
}

async function order(auction: "sealed" | "open", change: { capability?: string; input?: Json } = {}): Promise<Hash> {
  const request = { capability: "text.language", input: INPUT, maxPrice: MAX_PRICE, signer: wallets.requester };
  return (await client().tasks.submit({ ...request, ...change, auction })).taskId;
}

function reach(taskId: Hash, what: string, is: (task: Task) => boolean): Promise<Task> {
  const patient = patientClient(booted.market.url);
  return until(`${taskId} to be ${what}`, PATIENCE_MS, async () => {
    const task = await patient.tasks.get(taskId);
    return is(task) ? task : null;
  });
}

/** Accepts what was delivered, and waits for the chain. */
async function payFor(taskId: Hash): Promise<Task> {
  await reach(taskId, "delivered", ({ state }) => state === "delivered");
  await client().tasks.acceptWhenGood(taskId, { signer: wallets.requester });
  return reach(taskId, "paid", ({ settlement }) => settlement?.state === "confirmed");
}

/** What the dearer node would do the task for: its sealed bid is its true cost. */
async function secondCost(): Promise<bigint> {
  const { award } = await payFor(await order("sealed"));
  if (!award) throw new Error("the sealed task has no award");
  const { bids } = await client().rounds.bids(award.roundId);
  const dearer = bids.find(({ node }) => node === nodeOf(booted.market, "boeotia").address);
  if (!dearer) throw new Error("boeotia did not bid");
  return BigInt(dearer.ask) + BigInt(award.royalty);
}

it(
  "lets two nodes bid against each other in public until the dearer one stops, and pays the winner its own bid on chain",
  async () => {
    const second = await secondCost();
    await using live = listen();
    await until("the stranger to hear the market", PATIENCE_MS, async () => live.of("task.settled").length > 0);
    const taskId = await order("open");
    const task = await payFor(taskId);
    const [auctionId, price] = [task.award!.roundId, BigInt(task.award!.price)];
    const auction = await client().auctions.get(auctionId);
    const decrement = BigInt(auction.decrement);
    expect(auction).toMatchObject({ state: "closed", closeReason: "all_out", taskId });
    expect(price >= second - decrement && price < second + decrement, `${price} near ${second}`).toBe(true);
    expect(task.outcome).toMatchObject({ kind: "settled", payment: String(price - BigInt(task.award!.royalty)) });

    const told = live.of("auction.bid").filter(({ data }) => data.taskId === taskId);
    const prices = told.map(({ data }) => BigInt(data.price));
    expect(prices).toEqual(prices.toSorted((a, b) => Number(b - a)));
    expect([prices[0], prices.at(-1)]).toEqual([BigInt(auction.reserve), price]);
    expect(told.length).toBe(auction.bids);
    const outbid = live.of("auction.outbid").filter(({ data }) => data.taskId === taskId);
    expect(outbid).toHaveLength(auction.bids - 1);
    expect(outbid[0]!.heardAt, "told while it runs").toBeLessThan(Date.parse(auction.closedAt!));
    const extended = live.of("auction.extended").filter(({ data }) => data.taskId === taskId);
    expect(extended.length).toBeGreaterThan(0);
    expect(Date.parse(auction.endsAt)).toBe(extended.at(-1)!.data.endsAt);

    const { bids, passes } = await client().auctions.bids(auctionId);
    expect(new Set(bids.map(({ node }) => node)).size).toBe(2);
    expect(passes).toMatchObject([{ node: nodeOf(booted.market, "boeotia").address, reason: "price_too_low" }]);
    expect(await client().auctions.verify(auctionId)).toMatchObject({ ok: true });
  },
  PATIENCE_MS * 2,
);

it(
  "goes on where it was when the server is killed while they bid, and loses no bid that was taken",
  async () => {
    const live = listen();
    const taskId = await order("open");
    const bidsHeard = () => live.of("auction.bid").filter(({ data }) => data.taskId === taskId);
    await until("ten bids", PATIENCE_MS, async () => bidsHeard().length > 9);
    await booted.market.server.kill();
    const before = bidsHeard();
    await live[Symbol.asyncDispose]();
    expect(
      live.of("auction.closed").some(({ data }) => data.taskId === taskId),
      "it was killed in time",
    ).toBe(false);
    await booted.market.restartServer();
    const task = await payFor(taskId);
    const auctionId = task.award!.roundId;
    const { bids } = await client().auctions.bids(auctionId);
    const taken = bids.map(({ number, node, price }) => ({ number, node, price }));
    expect(taken).toEqual(
      expect.arrayContaining(before.map(({ data: { number, node, price } }) => ({ number, node, price }))),
    );
    // On a slow machine the end can come while the server is away: that closes it as well as the last pass does.
    expect((await client().auctions.get(auctionId)).closeReason).toBeOneOf(["all_out", "ended"]);
    expect(await client().auctions.verify(auctionId)).toMatchObject({ ok: true });
    expect((await client().auctions.list({ task: taskId })).items).toHaveLength(1);
  },
  PATIENCE_MS * 3,
);

it(
  "is used and checked from the command line",
  async () => {
    const file = join(import.meta.dirname, "open-auction.test.ts");
    const args = ["text.summarize", "--input", file, "--max-price", "0.05", "--auction", "open", "--watch"];
    const submitted = await runStoa(booted, ["task", "submit", ...args]);
    expect(submitted.stderr).toMatch(/auction +0x[0-9a-f]{8}… (opened among 2 nodes|open after \d+ bids)/);
    expect(submitted.stderr).toMatch(/lead +0\.0\d+ /);
    expect(submitted.stderr).toMatch(/closed +after \d+ bids, nobody goes lower: attica/);
    expect(submitted.code).toBe(0);
    const listed = JSON.parse((await runStoa(booted, ["auction", "list", "--json"])).stdout) as {
      items: { id: string }[];
    };
    const id = listed.items[0]!.id.slice(0, 10);
    expect((await runStoa(booted, ["auction", "show", id])).stdout).toContain(
      "bids no more: The maximum price is below",
    );
    expect((await runStoa(booted, ["auction", "verify", id])).stdout).toContain("checks out");
    const watched = await runStoa(booted, ["auction", "watch", id, "--json"]);
    expect(JSON.parse(watched.stdout)).toMatchObject({ kind: "auction", auction: { state: "closed" } });
    expect(await runStoa(booted, ["auction", "show", "0xabcdef012345"])).toMatchObject({ code: 2, stdout: "" });
  },
  PATIENCE_MS * 2,
);

it(
  "gives the task of a winner that is killed to the next best public bid, at the winner's cost",
  async () => {
    const [attica, boeotia] = [nodeOf(booted.market, "attica"), nodeOf(booted.market, "boeotia")];
    const taskId = await order("open", { capability: "test.gate", input: { gate: "boeotia" } });
    const won = await reach(taskId, "running", ({ state }) => state === "running");
    expect(won.award?.node).toBe(attica.address);
    await attica.service.kill();
    const task = await payFor(taskId);
    const { bids } = await client().auctions.bids(task.award!.roundId);
    const second = bids.findLast(({ node }) => node === boeotia.address);
    expect(task.award).toMatchObject({ node: boeotia.address, price: second?.price });
    expect(task.executions).toMatchObject([
      { node: attica.address, state: "faulted" },
      { node: boeotia.address, state: "delivered" },
    ]);
    const verification = await client().auctions.verify(task.award!.roundId);
    expect(verification).toMatchObject({ ok: true, supplements: [{ ok: true }] });
  },
  PATIENCE_MS * 2,
);

it(
  "leaves chain and ledger agreed to the smallest unit",
  async () => {
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  PATIENCE_MS,
);
