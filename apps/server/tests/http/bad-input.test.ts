import { limits } from "@stoa/protocol";
import { openDatabase } from "@stoa/store";
import { randomKey } from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

describe("bad input meets a clear problem and changes nothing", () => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let http: HttpFixture;
  let wallet: LocalAccount;
  let token: string;
  beforeAll(async () => {
    database = await openDatabase({});
    http = await startHttp(database);
    wallet = await http.market.requester(200_000n);
    token = await http.signIn(wallet);
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await database.close();
  });

  const post = async (change: Record<string, unknown>, plan?: Parameters<HttpFixture["orderBody"]>[1]) =>
    http.call("POST", "tasks", { token, body: { ...(await http.orderBody(wallet, plan)), ...change } });

  test("JSON that is not JSON", async () => {
    for (const raw of ["{", "", '{"a":}', '{"__proto__":1}', "\u{fffd}"]) {
      expect(await http.call("POST", "tasks", { token, raw }), raw).toMatchObject({
        status: 400,
        body: { code: "malformed_json", status: 400 },
      });
    }
    expect(
      await http.call("POST", "tasks", { token, raw: "a=b", type: "application/x-www-form-urlencoded" }),
    ).toMatchObject({ status: 400 });
  });

  test("a problem is RFC 9457, with its code, remedy and the request's id", async () => {
    const { headers, body } = await http.call("GET", "tasks/xyz");
    expect(headers.get("content-type")).toContain("application/problem+json");
    expect(body).toMatchObject({
      type: "docs/errors.md#malformed_id",
      status: 400,
      code: "malformed_id",
      detail: expect.stringContaining("xyz"),
    });
    expect(body.instance).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.remedy).not.toBe("");
  });

  test("a body that does not match its schema is told where, by JSON pointer", async () => {
    const { status, body } = await post({ spec: { capability: "Not A Capability" } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "invalid_request", details: { pointer: expect.stringContaining("/spec") } });
    expect(await post({ surprise: 1 })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("surprise") },
    });
    expect(await http.call("POST", "tasks", { token, body: [] })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });

  test("an unknown route, path parameter or query parameter", async () => {
    expect(await http.call("GET", "nothing")).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await http.call("PATCH", "tasks")).toMatchObject({ status: 404 });
    expect(await http.call("GET", `tasks/0x${"ab".repeat(32)}`)).toMatchObject({ status: 404 });
    expect(await http.call("GET", "tasks/0xabcdef12")).toMatchObject({ status: 404 });
    expect(await http.call("GET", "tasks/0xab")).toMatchObject({ status: 400, body: { code: "malformed_id" } });
    expect(await http.call("GET", "nodes/0x12")).toMatchObject({ status: 400, body: { code: "malformed_id" } });
    expect(await http.call("GET", "tasks?limit=0")).toMatchObject({ status: 400 });
    expect(await http.call("GET", "tasks?limit=all")).toMatchObject({ status: 400 });
    expect(await http.call("GET", "tasks?cursor=AAAA")).toMatchObject({ status: 400 });
    expect(await http.call("GET", "tasks?unknown=1")).toMatchObject({ status: 400 });
    expect(await http.call("GET", "tasks?mine=true")).toMatchObject({ status: 401 });
    expect(await http.call("GET", "tasks/%00%00%00%00%00%00%00%00")).toMatchObject({ status: 400 });
    expect(await http.call("GET", "agents?name=%00")).toMatchObject({ status: 400 });
  });

  test("text that cannot be stored is refused where it stands", async () => {
    for (const text of ["a\0b", "\ud800"]) {
      const body = { ...(await http.orderBody(wallet)), input: { text } };
      expect(await http.call("POST", "tasks", { token, body })).toMatchObject({
        status: 400,
        body: { details: { pointer: "/input/text" } },
      });
    }
  });

  test("a price of zero, negative, fractional or over every bound", async () => {
    const priced = async (maxPrice: unknown) => {
      const body = await http.orderBody(wallet);
      return http.call("POST", "tasks", {
        token,
        body: { ...body, order: { ...(body["order"] as object), maxPrice } },
      });
    };
    for (const price of ["-1", "0.5", "1e3", "", "0x10", 5, null, "1000000000000000001"]) {
      expect(await priced(price), String(price)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    }
    expect(await post({}, { maxPrice: 0n })).toMatchObject({ status: 422, body: { code: "invalid_price" } });
    expect(await post({}, { maxPrice: 200_001n })).toMatchObject({ status: 402, body: { code: "insufficient_funds" } });
  });

  test("an unknown capability, and an input that does not fit the agents' schema", async () => {
    expect(await post({}, { spec: { capability: "no.such" } })).toMatchObject({
      status: 422,
      body: { code: "unknown_capability" },
    });
    expect(await post({}, { input: { words: [] } })).toMatchObject({ status: 422, body: { code: "input_mismatch" } });
  });

  test("an input over the limit, another input than was signed, and JSON nested beyond measure", async () => {
    expect(await post({}, { input: { text: "x".repeat(limits.inputBytes) } })).toMatchObject({
      status: 413,
      body: { code: "too_large" },
    });
    expect(
      await http.call("POST", "tasks", { token, raw: `{"input":"${"x".repeat(3 * limits.inputBytes)}"}` }),
    ).toMatchObject({ status: 413, body: { code: "too_large" } });
    expect(await post({ input: { text: "something else" } })).toMatchObject({
      status: 422,
      body: { code: "wrong_hash" },
    });
    const deep = "[".repeat(50_000) + "]".repeat(50_000);
    expect(await http.call("POST", "tasks", { token, raw: `{"input":${deep}}` })).toMatchObject({
      status: 400,
      body: { code: "invalid_request" },
    });
  });

  test("an expired deadline", async () => {
    const past = BigInt(Math.floor(http.market.now() / 1000) - 10);
    expect(await post({}, { order: { deliverBy: past } })).toMatchObject({
      status: 422,
      body: { code: "invalid_deadline" },
    });
  });

  test("an order signed by another wallet, altered, or brought by someone else", async () => {
    expect(await post({}, { signer: randomKey() })).toMatchObject({ status: 422, body: { code: "wrong_signature" } });
    const body = await http.orderBody(wallet);
    const altered = { ...body, order: { ...(body["order"] as object), maxPrice: "99999" } };
    expect(await http.call("POST", "tasks", { token, body: altered })).toMatchObject({
      status: 422,
      body: { code: "wrong_signature" },
    });
    expect(await http.call("POST", "tasks", { token: await http.signIn(randomKey()), body })).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect(await http.call("POST", "tasks", { body })).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  });

  test("an artifact that is too large, without bytes, or under a name that is no hash", async () => {
    const put = (hash: string, raw: Uint8Array, type = "application/octet-stream") =>
      http.call("PUT", `artifacts/${hash}`, { token, raw, type });
    expect(await put("abc", Buffer.from("x"))).toMatchObject({ status: 400, body: { code: "malformed_id" } });
    expect(await put(`0x${"00".repeat(32)}`, Buffer.from("x"), "text/plain")).toMatchObject({ status: 400 });
    expect(await put(`0x${"00".repeat(32)}`, Buffer.alloc(limits.imageBytes + 1))).toMatchObject({
      status: 413,
      body: { code: "too_large" },
    });
    expect(await http.objects.has(`0x${"00".repeat(32)}`)).toBe(false);
  });

  test("a wrong manifest is answered with every problem found", async () => {
    const publication = { creator: wallet.address, versionId: `0x${"00".repeat(32)}` };
    const { status, body } = await http.call("POST", "agents", {
      token,
      body: { manifest: { stoa: 1 }, publication, signature: `0x${"00".repeat(65)}` },
    });
    expect(status).toBe(422);
    expect(body.code).toBe("invalid_manifest");
    expect(body.details.problems.length).toBeGreaterThan(0);
  });

  test("too many sign-ins from one address", async () => {
    const limited = await startHttp(database, { rateLimits: { signIn: 3, all: 4 } });
    const ask = () => limited.call("POST", "auth/siwe/nonce", { body: { address: wallet.address } });
    for (let i = 0; i < 3; i += 1) expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect(refused).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    for (let i = 0; i < 4; i += 1) expect((await limited.call("GET", "market")).status).toBe(200);
    expect((await limited.call("GET", "nothing")).status).toBe(429);
    await limited[Symbol.asyncDispose]();
  });

  test("a fault of ours says nothing of what happened, and is logged with its request's id", async () => {
    const broken = await startHttp(database, { info: failsAfter(1) });
    const { status, body } = await broken.call("GET", "market");
    expect(status).toBe(500);
    expect(body.code).toBe("internal");
    expect(JSON.stringify(body)).not.toContain("a secret of the house");
    expect(broken.log()).toContain("a secret of the house");
    expect(broken.log()).toContain(body.instance);
    await broken[Symbol.asyncDispose]();
  });

  test("none of it opened a task or moved money", async () => {
    expect(await database.query("select id from tasks")).toEqual([]);
    expect(await http.call("GET", "account", { token })).toMatchObject({
      body: { balances: { available: "200000", held: "0" } },
    });
  });

  function failsAfter(times: number): () => never {
    let calls = 0;
    return () => {
      calls += 1;
      if (calls > times) throw new Error("a secret of the house");
      return { version: "0" } as never;
    };
  }
});
