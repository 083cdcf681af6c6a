import { openDatabase } from "@stoa/store";
import { type PostgresServer, randomKey, startPostgres } from "@stoa/testkit";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

describe("a database that is away", () => {
  let server: PostgresServer;
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let http: HttpFixture;
  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase({ url: await server.createDatabase("market") });
    http = await startHttp(database);
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await database.close();
    await server.stop();
  });

  test("is told as such to everybody, is nobody's wrong key, and all is well when it is back", async () => {
    const wallet = await http.market.requester();
    const key = await http.keyOf(wallet, ["tasks:read", "tasks:write", "account:read"]);
    const token = await http.signIn(wallet);
    const body = await http.orderBody(wallet);
    const { nonce, domain, uri, chainId } = (
      await http.call("POST", "auth/siwe/nonce", { body: { address: wallet.address } })
    ).body;
    const message = createSiweMessage({ address: wallet.address, nonce, domain, uri, chainId, version: "1" });
    const signed = { message, signature: await wallet.signMessage({ message }) };

    await server.kill();
    const calls: [string, string, object][] = [
      ["GET", "tasks", {}],
      ["GET", "account", { key }],
      ["GET", "account", { token }],
      ["POST", "tasks", { key, body }],
      ["POST", "tasks", { token, body }],
      ["POST", "auth/siwe/nonce", { body: { address: wallet.address } }],
      ["POST", "auth/siwe/verify", { body: signed }],
      ["POST", "auth/refresh", { body: { refreshToken: "any" } }],
    ];
    for (const [method, path, options] of calls) {
      const answer = await http.call(method, path, options);
      expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("1");
    }
    expect(await http.call("GET", "/ready")).toMatchObject({ status: 503, body: { ready: false } });
    expect(await http.call("GET", "/health")).toMatchObject({ status: 200 });

    await server.restart();
    expect(await http.call("GET", "account", { key })).toMatchObject({ status: 200 });
    expect(await http.call("POST", "tasks", { key, body })).toMatchObject({ status: 201 });
    expect(await http.call("POST", "auth/siwe/verify", { body: signed }), "the nonce was not spent").toMatchObject({
      status: 200,
    });
    await http.signIn(randomKey());
  });
});
