import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "@stoa/host";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { findProgram, installPackages } from "@stoa/testkit/debian";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startHttp } from "./http-fixture.ts";

const WITHIN = { timeout: 20_000, interval: 20 };

let opened: TestDatabase;
beforeAll(async () => {
  opened = await databaseKinds[0]!.start();
});
afterAll(() => opened[Symbol.asyncDispose]());

describe("pages of other origins", () => {
  const preflight = { origin: "https://app.example.org", "access-control-request-method": "PATCH" };

  test("are let in when they are named, and may read what an answer says of limits and uploads", async () => {
    await using http = await startHttp(opened.database, { corsOrigins: ["https://app.example.org"] });
    const asked = await http.call("OPTIONS", "artifacts/0x/upload", { headers: preflight });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("https://app.example.org");
    expect(asked.headers.get("access-control-allow-methods")).toContain("PATCH");
    const answer = await http.call("GET", "market", { headers: { origin: "https://app.example.org" } });
    expect(answer.headers.get("access-control-expose-headers")).toContain("upload-offset");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    const other = await http.call("GET", "market", { headers: { origin: "https://evil.example" } });
    expect(other.headers.get("access-control-allow-origin")).not.toBe("https://evil.example");
  });

  test("are kept out otherwise", async () => {
    await using http = await startHttp(opened.database);
    const answer = await http.call("GET", "market", { headers: { origin: "https://app.example.org" } });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});

test("who a client is is believed of a named proxy alone", async () => {
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  const statuses = async (trustProxy: string[]) => {
    await using http = await startHttp(opened.database, { trustProxy, rateLimits: { all: 2 } });
    const seen: number[] = [];
    for (const address of ["203.0.113.1", "203.0.113.2", "203.0.113.3"])
      seen.push((await http.call("GET", "market", from(address))).status);
    return seen;
  };
  expect(await statuses(["127.0.0.1"])).toEqual([200, 200, 200]);
  expect(await statuses([])).toEqual([200, 200, 429]);
  expect(await statuses(["198.51.100.7"])).toEqual([200, 200, 429]);
});

test("every answer says how much is left, and a refusal when to come back", async () => {
  await using http = await startHttp(opened.database, { rateLimits: { all: 1 } });
  const first = await http.call("GET", "market");
  expect(first.headers.get("ratelimit-limit")).toBe("1");
  expect(first.headers.get("ratelimit-remaining")).toBe("0");
  const second = await http.call("GET", "market");
  expect(second).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
  expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("a key may ask for its tier's share, and another of the same account for its own", async () => {
  await using http = await startHttp(opened.database, { rateLimits: { all: 40 } });
  const { id } = await http.accounts.ensureAccount(randomKey().address);
  const low = async () => (await http.accounts.createKey(id, { name: "l", scopes: ["account:read"], tier: "low" })).key;
  const [first, second] = [await low(), await low()];
  const statuses = [];
  for (let n = 0; n < 5; n += 1) statuses.push((await http.call("GET", "account", { key: first })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429]);
  const refused = await http.call("GET", "account", { key: first });
  expect(refused.body).toMatchObject({ code: "too_many_requests" });
  expect(refused.headers.get("ratelimit-limit")).toBe("4");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await http.call("GET", "account", { key: second })).status).toBe(200);
  expect((await http.call("GET", "market")).status).toBe(200);
});

const missing = installPackages({ "redis-server": "redis-server" });

describe.skipIf(missing !== undefined)(
  `requests counted by Redis${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let redis: ChildProcess;
    let port: number;

    async function startRedis(): Promise<void> {
      const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
      redis = spawn(findProgram("redis-server")!, args, { stdio: ["ignore", "pipe", "inherit"] });
      for await (const text of redis.stdout!) if (String(text).includes("Ready to accept connections")) break;
    }
    async function stopRedis(): Promise<void> {
      const exited = once(redis, "exit");
      redis.kill("SIGKILL");
      await exited;
    }
    beforeAll(async () => {
      port = await freePort();
      await startRedis();
    });
    afterAll(stopRedis);

    test("count against one limit, whichever server they reach; while it is away nobody is held up", async () => {
      const rateLimits = { all: 30, redisUrl: `redis://127.0.0.1:${port}` };
      await using one = await startHttp(opened.database, { rateLimits });
      await using other = await startHttp(opened.database, { rateLimits });
      const status = async (http: typeof one) => (await http.call("GET", "market")).status;
      /** What is left after the first request that is counted: one before the connection stands is let through. */
      const left = (http: typeof one) =>
        vi.waitFor(async () => {
          const remaining = (await http.call("GET", "market")).headers.get("ratelimit-remaining");
          expect(Number(remaining ?? 30)).toBeLessThan(30);
          return Number(remaining);
        }, WITHIN);
      await left(one);
      for (let n = 0; n < 10; n += 1) await status(one);
      expect(await left(other)).toBeLessThan(20);
      await vi.waitFor(async () => expect(await status(other)).toBe(429), WITHIN);
      expect(await status(one)).toBe(429);
      await stopRedis();
      await vi.waitFor(async () => expect(await status(one)).toBe(200), WITHIN);
      await startRedis();
      await vi.waitFor(async () => expect(await status(other)).toBe(429), WITHIN);
    });
  },
);
