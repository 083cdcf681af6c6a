import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalMarket, startLocalMarket, until, wallets } from "@stoa/local";
import { hashBytes, hashJson, type RoundSummary } from "@stoa/protocol";
import { type AnyEvent, createClient, type StoaClient, verifyPublished } from "@stoa/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProxy } from "./cuttable-proxy.ts";

const PATIENCE_MS = 60_000;
const TEXT = "Ships carry grain. Ships carry oil over the sea. The sea is wide, and ships are slow.";
const order = { capability: "text.summarize", input: { text: TEXT }, maxPrice: 50_000n, signer: wallets.requester };

let folder: string;
let market: LocalMarket;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-sdk-"));
  const nodes = [
    { name: "attica", slots: 4, cost: "base=0.004" },
    { name: "boeotia", slots: 4, cost: "base=0.006" },
  ];
  market = await startLocalMarket({ dataFolder: folder, port: 0, nodes, serverEnv: { STOA_ROUND_WINDOW_MS: "3000" } });
});

afterAll(async () => {
  await market?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A field of an answer, as a path of names, and what it is changed to. */
type Lie = readonly [path: string, value: unknown];

/** A client to which a market lies in its answers from addresses that match. */
function lyingTo(where: RegExp, ...lies: Lie[]): { client: StoaClient; sent: string[] } {
  const sent: string[] = [];
  const client = createClient({
    url: market.url,
    signer: wallets.requester,
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : input.toString();
      sent.push(`${init?.method} ${url}`);
      const response = await fetch(input, init);
      if (!where.test(url)) return response;
      const body = (await response.json()) as object;
      for (const lie of lies) tell(body, lie);
      return Response.json(body);
    },
  });
  return { client, sent };
}

function tell(body: object, [path, value]: Lie): void {
  const names = path.split(".");
  const last = names.pop() ?? "";
  const holder = names.reduce((inner, name) => inner[name] as Record<string, unknown>, body as Record<string, unknown>);
  expect(holder, path).toHaveProperty(last);
  holder[last] = value;
}

async function delivered(): Promise<string> {
  const { taskId } = await market.client.tasks.submit(order);
  await until(
    `${taskId} to be delivered`,
    PATIENCE_MS,
    async () => (await market.client.tasks.get(taskId)).state === "delivered",
  );
  return taskId;
}

describe("many tasks at once", () => {
  it("are ordered and accepted by few requests, each for itself", async () => {
    const { client, sent } = lyingTo(/nowhere/);
    const submitted = await client.tasks.submitMany([order, { ...order, capability: "text.nobody" }, order]);
    expect(submitted).toMatchObject([
      { created: true },
      { problem: { code: "unknown_capability" } },
      { created: true },
    ]);
    const ids = submitted.flatMap((result) => ("taskId" in result ? [result.taskId] : []));
    const acceptances = [];
    for (const taskId of ids) {
      await until(
        `${taskId} to be delivered`,
        PATIENCE_MS,
        async () => (await client.tasks.get(taskId)).state === "delivered",
      );
      const [task, result] = [await client.tasks.get(taskId), await client.tasks.result(taskId)];
      acceptances.push({ orderHash: task.id, resultHash: result.hash, price: BigInt(task.award!.price) });
    }
    const settled = await client.tasks.acceptMany({ acceptances, signer: wallets.requester });
    expect(settled.map((result) => "taskId" in result && result.taskId)).toEqual(ids);
    expect(sent.filter((line) => line.startsWith("POST") && line.includes("/tasks/"))).toHaveLength(2);
    expect((await client.tasks.get(ids[0]!)).state).toBe("settled");
  });
});

describe("a watched task", () => {
  it("is told from how it stands to its payment on chain", async () => {
    const { taskId } = await market.client.tasks.submit(order);
    const told: string[] = [];
    for await (const update of market.client.tasks.watch(taskId, { until: "paid", giveUpAfterMs: PATIENCE_MS })) {
      told.push(update.kind === "task" ? `is ${update.task.state}` : update.event.type);
      const isDelivered =
        update.kind === "task" ? update.task.state === "delivered" : update.event.type === "task.delivered";
      if (isDelivered) await market.client.tasks.acceptWhenGood(taskId, { signer: wallets.requester });
    }
    expect(told[0]).toMatch(/^is /);
    expect(told).toContain("settlement.confirmed");
    expect(told.at(-1)).toBe("is settled");
  });

  it("is followed across lost connections, every event once and in order", async () => {
    await using proxy = await startProxy(market.url);
    const stop = new AbortController();
    const seen: AnyEvent[] = [];
    const { next } = await market.client.events.list({ after: 0 });
    const client = createClient({ url: proxy.url, signer: wallets.requester });
    const following = (async () => {
      for await (const event of client.events.stream({ after: 0, signal: stop.signal })) seen.push(event);
    })();
    for (let cuts = 0; cuts < 3; cuts += 1) {
      const before = seen.length;
      await until("events to arrive", PATIENCE_MS, async () => seen.length > before);
      proxy.cut();
      await market.client.tasks.cancel((await market.client.tasks.submit({ ...order, maxPrice: 600n })).taskId);
      proxy.restore();
    }
    const all = await allEvents();
    const last = all.at(-1)!.seq;
    expect(last).toBeGreaterThan(next);
    await until("the stream to catch up", PATIENCE_MS, async () => (seen.at(-1)?.seq ?? 0) >= last);
    stop.abort();
    await following;
    const shown = seen.filter(({ seq }) => seq <= last);
    expect(shown.map(({ seq, type }) => `${seq} ${type}`)).toEqual(all.map(({ seq, type }) => `${seq} ${type}`));
  });

  it("is given up when the market stays away for as long as was said", async () => {
    const proxy = await startProxy(market.url);
    const client = createClient({ url: proxy.url, signer: wallets.requester });
    const taskId = await delivered();
    const watching = (async () => {
      for await (const update of client.tasks.watch(taskId, { giveUpAfterMs: 500 }))
        if (update.kind === "task") proxy.cut();
    })();
    await expect(watching).rejects.toMatchObject({ code: "server_unavailable" });
    await proxy[Symbol.asyncDispose]();
  });

  it("is not begun by somebody the market does not let in", async () => {
    const client = createClient({ url: market.url, apiKey: "stoa_not-a-key" });
    const first = client.events.stream().next();
    await expect(first).rejects.toMatchObject({ code: "unauthorized" });
  });
});

/** The requester's whole log, page by page. */
async function allEvents(): Promise<{ seq: number; type: string }[]> {
  const all: { seq: number; type: string }[] = [];
  for (let after = 0; ;) {
    const { events, next } = await market.client.events.list({ after });
    if (events.length === 0) return all;
    all.push(...events);
    after = next;
  }
}

describe("an order", () => {
  it("whose answer was lost is sent again, and is one task", async () => {
    let lost = 0;
    const client = createClient({
      url: market.url,
      signer: wallets.requester,
      async fetch(input, init) {
        const response = await fetch(input, init);
        const isOrder =
          init?.method === "POST" && (input instanceof Request ? input.url : input.toString()).endsWith("/tasks");
        if (!isOrder || lost > 0) return response;
        lost += 1;
        throw new TypeError("the answer was lost");
      },
    });
    const { taskId, created } = await client.tasks.submit({ ...order, maxPrice: 601n });
    expect({ lost, created }).toEqual({ lost: 1, created: false });
    const { items } = await client.tasks.list({ mine: true, limit: 100 });
    expect(items.filter(({ maxPrice }) => maxPrice === "601").map(({ id }) => id)).toEqual([taskId]);
    await client.tasks.cancel(taskId);
  });
});

describe("a session key", () => {
  it("orders and accepts in its wallet's name, within its limits", async () => {
    const limits = { maxPerOrder: 50_000n, maxTotal: 60_000n, expiresInSeconds: 86_400 };
    const { signer, grant } = await market.client.session.create(wallets.requester, limits);
    const { taskId } = await market.client.tasks.submit({ ...order, signer, session: grant });
    await until(
      "the task to be delivered",
      PATIENCE_MS,
      async () => (await market.client.tasks.get(taskId)).state === "delivered",
    );
    await market.client.tasks.acceptWhenGood(taskId, { signer });
    expect((await market.client.tasks.get(taskId)).state).toBe("settled");
    const again = market.client.tasks.submit({ ...order, maxPrice: 50_001n, signer, session: grant });
    await expect(again).rejects.toMatchObject({ code: "session_key_limit" });
  });
});

describe("an acceptance", () => {
  const zero = `0x${"00".repeat(32)}`;
  const lies: [string, RegExp, Lie, string][] = [
    ["another output than the node signed for", /\/result$/, ["output.summary", "Buy more."], "wrong_hash"],
    ["another result than the receipt names", /\/result$/, ["receipt.resultHash", zero], "wrong_hash"],
    ["a receipt nobody signed", /\/result$/, ["receiptSignature", `0x${"11".repeat(64)}1b`], "wrong_signature"],
    ["a higher price than was awarded", /\/tasks\/0x[0-9a-f]+$/, ["award.terms.price", "40000"], "wrong_hash"],
    ["another order than was signed", /\/tasks\/0x[0-9a-f]+$/, ["order.maxPrice", "90000"], "wrong_hash"],
    ["another agent than was awarded", /\/agents\/0x[0-9a-f]+$/, ["manifest.output", true], "wrong_hash"],
  ];

  it("is not signed for a market that tells lies, and is for the truth", async () => {
    const taskId = await delivered();
    for (const [lie, where, change, code] of lies) {
      const { client, sent } = lyingTo(where, change);
      await expect(client.tasks.acceptWhenGood(taskId, { signer: wallets.requester }), lie).rejects.toMatchObject({
        code,
      });
      expect(
        sent.filter((request) => request.endsWith("/accept")),
        lie,
      ).toEqual([]);
    }
    const choosy = market.client.tasks.acceptWhenGood(taskId, { signer: wallets.requester, isGood: () => false });
    await expect(choosy).rejects.toMatchObject({ code: "execution_failed" });
    expect((await market.client.tasks.get(taskId)).accepted).toBe(false);
    await market.client.tasks.acceptWhenGood(taskId, { signer: wallets.requester });
    expect((await market.client.tasks.get(taskId)).state).toBe("settled");
  });
});

describe("a round's record", () => {
  it("checks out as it is, and not when its market changes it", async () => {
    const { items } = await market.client.rounds.list({ state: "closed", limit: 100 });
    const id = items.at(-1)!.id;
    expect(await market.client.rounds.verify(id)).toMatchObject({ ok: true, roundId: id });
    const lies: Lie[] = [
      ["record.body.close.at", 1],
      ["outcomeHash", `0x${"00".repeat(32)}`],
      ["record.body.nodes", []],
    ];
    for (const lie of lies)
      expect(await lyingTo(/\/record$/, lie).client.rounds.verify(id)).toMatchObject({ ok: false });
    const elsewhere = lyingTo(/\/market$/, ["operator", wallets.arbiter.address]).client;
    const { record } = await elsewhere.rounds.verify(id);
    expect(record.firstFailure).toMatchObject({ name: "market", ok: false });
    const [other] = (await market.client.rounds.list({ state: "closed", limit: 100 })).items;
    const { record: foreign, ...rest } = await market.client.rounds.record(other!.id);
    const swapped = lyingTo(
      new RegExp(id),
      ["record", foreign],
      ["outcomeHash", rest.outcomeHash],
      ["roundId", rest.roundId],
    );
    expect((await swapped.client.rounds.verify(id)).ok, "another round's record").toBe(other!.id === id);
  });

  it("is checked where it was saved, with everything it was saved with", async () => {
    const [round] = (await market.client.rounds.list({ state: "closed", limit: 1 })).items;
    const saved = await market.client.rounds.record(round!.id);
    const { outcomeHash } = saved;
    expect(await verifyPublished(saved, { payments: true, outcomeHash })).toMatchObject({ ok: true, outcomeHash });
    expect(await verifyPublished(saved.record, { outcomeHash })).toMatchObject({ ok: true, supplements: [] });
    const other = hashJson("another");
    for (const bad of [
      { ...saved, roundId: other },
      { ...saved, outcomeHash: other },
      { ...saved, record: { ...saved.record, outcomeHash: other } },
      { ...saved, record: null },
      { ...saved, supplements: [null] },
      { ...saved, supplements: [{ hash: other, taskId: other, previousHash: other, record: {} }] },
      null,
      [],
      "text",
    ]) {
      const { ok, record, supplements } = await verifyPublished(bad, { outcomeHash });
      expect(ok, JSON.stringify(bad)?.slice(0, 200)).toBe(false);
      expect([record, ...supplements].find((report) => !report.ok)?.firstFailure?.detail).toBeTruthy();
    }
  });

  it("is one of a chain, and no round of that can be kept back or put elsewhere", async () => {
    const [{ capability }] = (await market.client.rounds.list({ state: "closed", limit: 1 })).items as [RoundSummary];
    const { items } = await market.client.rounds.chain(capability);
    expect(items.length).toBeGreaterThan(1);
    expect(await market.client.rounds.verifyChain(capability)).toMatchObject({
      ok: true,
      head: items[0]!.outcomeHash,
      rounds: items.length,
    });
    const from = items[1]!.outcomeHash;
    expect(await market.client.rounds.verifyChain(capability, { from })).toMatchObject({ ok: true, head: from });
    const told = async (lie: Lie, options = {}) =>
      (await lyingTo(/\/chains\//, lie).client.rounds.verifyChain(capability, options)).firstFailure;
    expect(await told(["items", items.slice(0, -1)])).toMatchObject({
      name: "links",
      detail: expect.stringContaining("missing at the chain's end"),
    });
    expect(await told(["items", items.slice(1)], { from: items[0]!.outcomeHash })).toMatchObject({ name: "links" });
    expect(await told(["items", items.toReversed()], { from: items[0]!.outcomeHash })).toMatchObject({
      name: "links",
      detail: expect.stringContaining("out of its place"),
    });
    // Links that fit one another, of records that do not exist.
    const [newest, ...rest] = items;
    const forged = { ...newest!, outcomeHash: hashJson("forged") };
    expect(await told(["items", [forged, ...rest]])).toMatchObject({
      name: "records",
      detail: expect.stringContaining(`round ${newest!.roundId} was replaced`),
    });
    expect(await told(["items", [{ ...forged, roundId: hashJson("none") }, ...rest]])).toMatchObject({
      name: "records",
      detail: expect.stringContaining("is missing"),
    });
    const junk = lyingTo(/\/record$/, ["record", { body: 1 }]).client;
    expect((await junk.rounds.verifyChain(capability)).firstFailure).toMatchObject({ name: "records" });
    await expect(market.client.rounds.verifyChain(capability, { anchored: true })).resolves.toMatchObject({ ok: true });
  });
});

it("an artifact goes on being sent where a lost connection left it", { timeout: 60_000 }, async () => {
  await using proxy = await startProxy(market.url);
  const client = createClient({ url: proxy.url, signer: wallets.creator });
  const bytes = randomBytes(13 << 20);
  const told: number[] = [];
  const hash = await client.agents.upload(bytes, {
    onProgress(sent, all) {
      expect(all).toBe(bytes.length);
      told.push(sent);
      if (told.length !== 2) return;
      proxy.cut();
      setTimeout(() => proxy.restore(), 300);
    },
  });
  expect(hash).toBe(hashBytes(bytes));
  expect(told.at(-1)).toBe(bytes.length);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  const sent: number[] = [];
  await client.agents.upload(bytes, { onProgress: (arrived) => sent.push(arrived) });
  expect(sent, "what is there already is not sent again").toEqual([bytes.length]);
});
