import { createClient } from "@stoa/sdk";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { type Answer, cut, json, problem, startAnswering } from "./answering-server.ts";

const page = { items: [], nextCursor: null };

describe("a request", () => {
  it("is sent again when the server was away, and when the connection was cut", async () => {
    await using server = await startAnswering(problem(503, "database_unavailable", "away"), cut, json(200, page));
    await expect(createClient({ url: server.url }).agents.list()).resolves.toEqual(page);
    expect(server.asked).toHaveLength(3);
  });

  it("that may not be repeated is sent once", async () => {
    await using server = await startAnswering(cut);
    const client = createClient({ url: server.url });
    await expect(client.tasks.cancel("0x12345678")).rejects.toMatchObject({ code: "server_unavailable" });
    expect(server.asked).toHaveLength(1);
  });

  it("of somebody is sent again under the same Idempotency-Key, another under another", async () => {
    await using server = await startAnswering(cut, json(200, {}), json(200, {}));
    const client = createClient({ url: server.url, apiKey: "stoa_key" });
    await client.tasks.cancel("0x12345678");
    await client.tasks.cancel("0x12345678");
    const [lost, again, another] = server.asked.map(({ headers }) => headers["idempotency-key"]);
    expect(again).toBe(lost);
    expect(again).toMatch(/^[0-9a-f-]{36}$/);
    expect(another).not.toBe(again);
  });

  it("that may not be repeated is sent again after it was turned away unread", async () => {
    await using server = await startAnswering(problem(429, "too_many_requests", "slowly"), json(200, {}));
    await createClient({ url: server.url }).tasks.cancel("0x12345678");
    expect(server.asked).toHaveLength(2);
  });

  it("gives up after a few times, with the server's own code", async () => {
    await using server = await startAnswering(problem(503, "chain_unavailable", "the chain is away"));
    await expect(createClient({ url: server.url }).nodes.list()).rejects.toMatchObject({ code: "chain_unavailable" });
    expect(server.asked).toHaveLength(4);
  });

  it("does not wait for hours because a server says so", async () => {
    await using server = await startAnswering((asked, response) => {
      response.setHeader("retry-after", "7200");
      problem(503, "server_unavailable", "later")(asked, response);
    });
    await expect(createClient({ url: server.url }).nodes.list()).rejects.toMatchObject({ code: "server_unavailable" });
    expect(server.asked).toHaveLength(1);
  });

  it("tells a problem with its code, detail, details and request id", async () => {
    await using server = await startAnswering(
      problem(422, "input_mismatch", "text is missing", { details: { problems: ["text"] } }),
    );
    await expect(createClient({ url: server.url }).agents.list()).rejects.toMatchObject({
      code: "input_mismatch",
      message: "text is missing",
      details: { problems: ["text"], requestId: "r-1", status: 422 },
    });
  });

  it("keeps the kind of a problem whose code it does not know", async () => {
    await using server = await startAnswering(problem(409, "code_of_the_future", "no"));
    await expect(createClient({ url: server.url }).agents.list()).rejects.toMatchObject({
      code: "invalid_request",
      details: { serverCode: "code_of_the_future" },
    });
  });

  it.each<[string, Answer]>([
    ["a proxy's page", (_asked, response) => void response.writeHead(502).end("<html>bad gateway</html>")],
    ["no JSON at all", (_asked, response) => void response.writeHead(200).end("hello")],
  ])("says that %s is no market", async (_name, answer) => {
    await using server = await startAnswering(answer);
    await expect(createClient({ url: server.url }).agents.list()).rejects.toMatchObject({ code: "server_unavailable" });
  });

  it("says that terms of another form are no market's", async () => {
    await using server = await startAnswering(json(200, { chainId: "one" }));
    await expect(createClient({ url: server.url }).market.info()).rejects.toThrow(/no market this client knows/);
  });

  it("goes nowhere but to an http address", () => {
    expect(() => createClient({ url: "ftp://market" })).toThrow(/http\(s\)/);
  });
});

describe("signing in", () => {
  /** A server whose access tokens are good for as many requests as it says. */
  function issuing({ expiresIn = 900, refuseRefresh = false } = {}): { answer: Answer; issued: string[] } {
    const issued: string[] = [];
    const answer: Answer = (asked, response) => {
      const send = (status: number, body: unknown) => json(status, body)(asked, response);
      const refuse = () => problem(401, "unauthorized", "who are you?")(asked, response);
      if (asked.path.endsWith("/siwe/nonce")) {
        return send(200, {
          nonce: "abcdefgh1234",
          domain: "127.0.0.1",
          uri: "http://127.0.0.1",
          chainId: 1,
          expiresAt: new Date().toISOString(),
        });
      }
      if (asked.path.endsWith("/refresh") && refuseRefresh) return refuse();
      if (asked.path.endsWith("/siwe/verify") || asked.path.endsWith("/refresh")) {
        issued.push(`${asked.path.split("/").at(-1)}-${issued.length + 1}`);
        return send(200, {
          accessToken: issued.at(-1),
          refreshToken: `refresh-${issued.length}`,
          expiresIn,
          account: {},
        });
      }
      return asked.headers.authorization === `Bearer ${issued.at(-1)}` ? send(200, page) : refuse();
    };
    return { answer, issued };
  }
  const signer = () => privateKeyToAccount(generatePrivateKey());

  it("happens once for requests that need it together", async () => {
    const { answer, issued } = issuing();
    await using server = await startAnswering(answer);
    const client = createClient({ url: server.url, signer: signer() });
    await Promise.all([client.account.entries(), client.account.entries(), client.tasks.list({ mine: true })]);
    expect(issued).toEqual(["verify-1"]);
  });

  it("is refreshed before it runs out, and each refresh token is used once", async () => {
    const { answer, issued } = issuing({ expiresIn: 10 });
    await using server = await startAnswering(answer);
    const client = createClient({ url: server.url, signer: signer() });
    await client.account.entries();
    await client.account.entries();
    await client.account.entries();
    expect(issued).toEqual(["verify-1", "refresh-2", "refresh-3"]);
    const used = server.asked.filter(({ path }) => path.endsWith("/refresh")).map(({ body }) => body);
    expect(new Set(used).size).toBe(used.length);
  });

  it("starts over when the market has forgotten the session", async () => {
    const { answer, issued } = issuing({ refuseRefresh: true });
    await using server = await startAnswering(answer);
    const client = createClient({ url: server.url, signer: signer() });
    await client.account.entries();
    issued.push("forgotten");
    await client.account.entries();
    expect(issued).toEqual(["verify-1", "forgotten", "verify-3"]);
  });

  it("does not go on for ever when nothing helps", async () => {
    await using server = await startAnswering(problem(401, "unauthorized", "no"));
    await expect(createClient({ url: server.url, apiKey: "stoa_x" }).account.get()).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.headers["x-api-key"]).toBe("stoa_x");
  });
});
