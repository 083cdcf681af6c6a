import { openDatabase } from "@stoa/store";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

const body = { method: "eth_supportedEntryPoints", params: [] };

describe("a market that pays nobody's gas", () => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let http: HttpFixture;
  let token: string;
  beforeAll(async () => {
    database = await openDatabase({});
    http = await startHttp(database, { rateLimits: { gasless: 2 } });
    token = await http.signIn(privateKeyToAccount(generatePrivateKey()));
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await database.close();
  });

  test("says so to whoever is signed in, and to nobody else", async () => {
    expect((await http.call("POST", "gasless", { body })).status).toBe(401);
    const said = await http.call("POST", "gasless", { body, token });
    expect(said).toMatchObject({ status: 404, body: { code: "not_found", detail: "this market pays nobody's gas" } });
    expect((await http.call("GET", "market")).body).not.toHaveProperty("paymaster");
  });

  test("takes no method that is not of the two standards", async () => {
    const asked = { method: "eth_sendRawTransaction", params: ["0x00"] };
    expect(await http.call("POST", "gasless", { body: asked, token })).toMatchObject({ status: 400 });
  });

  test("takes no more calls of one wallet a minute than it says", async () => {
    const eager = await http.signIn(privateKeyToAccount(generatePrivateKey()));
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await http.call("POST", "gasless", { body, token: eager })).status);
    expect(statuses).toEqual([404, 404, 429]);
    const receipt = { method: "eth_getUserOperationReceipt", params: [`0x${"00".repeat(32)}`] };
    expect((await http.call("POST", "gasless", { body: receipt, token: eager })).status).toBe(404);
  });
});
