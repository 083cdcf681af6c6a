import type { Worker } from "node:worker_threads";
import { agentVersionId, hashBytes, type Manifest, signTyped } from "@stoa/protocol";
import { databaseKinds, type MarketFixture, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type HttpFixture, startHttp } from "../http/http-fixture.ts";

const PATIENCE = { timeout: 30_000, interval: 20 };

async function publish({ market, creator, terms, manifest }: MarketFixture, name: string): Promise<Manifest> {
  const source = Buffer.from(name);
  const artifact = { kind: "js" as const, hash: hashBytes(source), bytes: source.length };
  const published: Manifest = { ...manifest, name, description: "Goes from one server to the other.", artifact };
  const publication = { versionId: agentVersionId(published), creator: creator.address };
  const signature = await signTyped(creator, terms.domain, "Publication", publication);
  await market.publishAgent({ manifest: published, publication, signature });
  return published;
}

async function names(http: HttpFixture, query: string): Promise<string[]> {
  const { body } = await http.call("GET", `agents/search?${query}`);
  return body.items.map(({ name }: { name: string }) => name);
}

describe("search on several servers", () => {
  let opened: TestDatabase;
  let here: HttpFixture;
  let there: HttpFixture;
  beforeAll(async () => {
    opened = await databaseKinds.find(({ shared }) => shared)!.start();
    here = await startHttp(opened.database);
    there = await startHttp(await opened.another());
  });
  afterAll(async () => {
    await there[Symbol.asyncDispose]();
    await here[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  test("what is published and retired through one is found, and found no more, through another", async () => {
    const manifest = await publish(here.market, "wanderer");
    await vi.waitFor(async () => expect(await names(there, "q=wanderer")).toContain("wanderer"), PATIENCE);
    await here.market.market.retireAgent({
      versionId: agentVersionId(manifest),
      creator: here.market.creator.address,
    });
    await vi.waitFor(async () => expect(await names(there, "q=wanderer")).not.toContain("wanderer"), PATIENCE);
  });

  test("all servers rank alike, and one goes on where another's page ended", async () => {
    for (let at = 0; at < 9; at += 1) await publish(here.market, `walker-${"abcdefghi"[at]}`);
    await vi.waitFor(async () => {
      for (const http of [here, there])
        expect((await names(http, "q=walker&limit=100")).length).toBeGreaterThanOrEqual(9);
    }, PATIENCE);
    const whole = (await here.call("GET", "agents/search?q=walker+server&limit=100")).body.items;
    const first = (await here.call("GET", "agents/search?q=walker+server&limit=4")).body;
    const rest = (await there.call("GET", `agents/search?q=walker+server&limit=100&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...rest.items]).toEqual(whole);
  });
});

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("an index on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  test("whose thread is lost is built anew", async () => {
    const threads: Worker[] = [];
    const hear = (worker: Worker) => void threads.push(worker);
    process.on("worker", hear);
    try {
      await using http = await startHttp(opened.database);
      await publish(http.market, "phoenix");
      await vi.waitFor(async () => expect(await names(http, "q=phoenix")).toContain("phoenix"), PATIENCE);
      await threads.at(-1)!.terminate();
      await vi.waitFor(async () => expect(await names(http, "q=phoenix")).toContain("phoenix"), PATIENCE);
      expect(http.log()).toContain("the search index is lost and is built anew");
      expect(threads.length).toBe(2);
    } finally {
      process.off("worker", hear);
    }
  });

  test("knows what agents' executions cost and took, and how often they were delivered", async () => {
    const { price, versionId } = await runTasks();
    await using http = await startHttp(opened.database);
    const find = async (filter = "") =>
      (await http.call("GET", `agents/search?q=answers${filter}`)).body.items.filter(
        (agent: { versionId: string }) => agent.versionId === versionId,
      );
    await vi.waitFor(async () => {
      const [agent] = await find();
      expect(agent.record).toEqual({ price: String(price), durationMs: 700, reputation: expect.closeTo(0.342, 3) });
    }, PATIENCE);
    expect(await find(`&maxPrice=${price}&maxDurationMs=700&minReputation=0.34`)).toHaveLength(1);
    expect(await find(`&maxPrice=${price - 1n}`)).toEqual([]);
    expect(await find("&maxDurationMs=699")).toEqual([]);
    expect(await find("&minReputation=0.35")).toEqual([]);
  });

  /** Two tasks that were delivered after 700 ms. */
  async function runTasks(): Promise<{ price: bigint; versionId: string }> {
    await using http = await startHttp(opened.database);
    const { market } = http;
    const requester = await market.requester(400_000n);
    const node = await market.node({ slots: 2 });
    const tasks = [await market.submit(requester), await market.submit(requester)];
    await market.round([[node, 20_000n]]);
    const { price, agentVersion } = await market.award(tasks[0]!);
    for (const taskId of tasks) {
      await market.start(taskId, node);
      market.advance(700);
      await market.deliver(taskId, node);
    }
    return { price, versionId: agentVersion };
  }
});
