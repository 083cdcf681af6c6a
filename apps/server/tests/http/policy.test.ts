import { policy } from "@stoa/accounts";
import { roles } from "@stoa/protocol";
import { openDatabase } from "@stoa/store";
import { randomKey } from "@stoa/testkit";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { App } from "../../src/http/app.ts";
import { addAuthentication } from "../../src/http/authenticate.ts";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

describe("who may call what", () => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let http: HttpFixture;
  let routes: string[];
  beforeAll(async () => {
    database = await openDatabase({});
    // Walking all routes as every role asks for more sign-ins than anybody may.
    http = await startHttp(database, { rateLimits: { signIn: 100_000 } });
    routes = [...http.app.decidedRoutes];
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await database.close();
  });

  test("every route has a line in the policy, and every line a route", () => {
    // A HEAD route comes with each GET, and tells of those the framework adds with a slash at the end.
    const known = new Set(routes.map((route) => route.replace(/^HEAD /, "GET ")));
    expect([...known].filter((route) => !(route in policy))).toEqual([]);
    expect(Object.keys(policy).filter((line) => !known.has(line))).toEqual([]);
  });

  test("a route that is not public refuses a stranger", async () => {
    const closed = Object.entries(policy).filter(([, { who }]) => !["public", "operator", "machine"].includes(who));
    expect(closed.length).toBeGreaterThan(10);
    for (const [route] of closed) {
      const [method = "", path = ""] = route.split(" ");
      const { status } = await http.call(method, path.replaceAll(/:[a-zA-Z]+/g, `0x${"00".repeat(32)}`));
      expect(status, route).toBe(401);
    }
  });

  test("every route takes and refuses every role as the table says", async () => {
    const denied: string[] = [];
    const wrong: string[] = [];
    for (const role of roles) {
      const wallet = randomKey();
      const { id: accountId } = await http.accounts.ensureAccount(wallet.address);
      await http.accounts.setRoles({ accountId, roles: ["user", role], actor: "system", reason: "for this test" });
      const token = await http.signIn(wallet);
      for (const [route, { who }] of Object.entries(policy)) {
        // The stream does not end, and signing out ends what the next routes need.
        if (route === "GET /api/v1/events/stream" || route === "POST /api/v1/auth/sign-out" || who === "operator")
          continue;
        const [method = "", path = ""] = route.split(" ");
        const { status, body } = await http.call(method, path.replaceAll(/:[a-zA-Z]+/g, `0x${"00".repeat(32)}`), {
          token,
        });
        const isRefused = status === 403 && (body as { detail: string }).detail === "this is for admins";
        if (isRefused) denied.push(`${role} ${route}`);
        if (isRefused !== (who === "admin" && role !== "admin") || status === 401 || status >= 500)
          wrong.push(`${role} ${route}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(denied.length).toBeGreaterThan(60);
  });

  test("metrics are the operator's: the machine itself, and not through a proxy on it", async () => {
    expect((await http.call("GET", "/metrics")).status).toBe(200);
    const headers = { "x-forwarded-for": "203.0.113.9" };
    expect((await http.call("GET", "/metrics", { headers })).status).toBe(401);
    expect((await http.call("GET", "/metrics", { headers, token: await http.signIn(randomKey()) })).status).toBe(403);
  });

  test("a route nobody decided about does not start", async () => {
    const app = Fastify() as unknown as App;
    addAuthentication(app, http.accounts);
    expect(() => app.get("/api/v1/undecided", () => "open")).toThrow(
      "the policy has no line for GET /api/v1/undecided",
    );
    await app.close();
  });
});
