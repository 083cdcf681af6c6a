import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openDatabase } from "@stoa/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

describe("what the server shows of itself", () => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let http: HttpFixture;
  let webRoot: string;
  let away = false;
  beforeAll(async () => {
    database = await openDatabase({});
    webRoot = await mkdtemp(join(tmpdir(), "stoa-web-"));
    await mkdir(join(webRoot, "assets"));
    await writeFile(join(webRoot, "index.html"), "<!doctype html><title>Stoa</title>");
    await writeFile(join(webRoot, "assets", "app-D4f5G6h7.js"), "export {};");
    await writeFile(join(webRoot, "assets", "app-D4f5G6h7.js.gz"), gzipSync("export {};"));
    http = await startHttp(database, {
      webRoot,
      checks: {
        chain: async () => {
          if (away) throw new Error("no answer");
        },
      },
    });
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await database.close();
    await rm(webRoot, { recursive: true });
  });

  test("the API describes itself in OpenAPI 3.1, every operation with a summary and its problems", async () => {
    const { body } = await http.call("GET", "openapi.json");
    expect(body.openapi).toBe("3.1.0");
    const operations = Object.entries<
      Record<string, { summary?: string; responses: Record<string, unknown>; security: unknown[] }>
    >(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
    );
    expect(operations.length).toBeGreaterThan(30);
    for (const { name, operation } of operations) {
      expect(operation.summary, name).toBeTruthy();
      expect(operation.responses, name).toHaveProperty("default");
    }
    expect(body.paths["/api/v1/tasks"].post.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
    expect(body.paths["/api/v1/market"].get.security).toEqual([]);
  });

  test("a page to try the API comes without outside resources", async () => {
    for (const path of ["/api/v1/docs", "/api/v1/docs/"]) {
      const { status, headers, body } = await http.call("GET", path);
      expect(status, path).toBe(200);
      expect(headers.get("content-type")).toContain("text/html");
      expect(String(body)).not.toMatch(/(src|href)="(https?:)?\/\//);
    }
    expect((await http.call("GET", "/api/v1/docs/static/swagger-ui-bundle.js")).status).toBe(200);
    expect((await http.call("GET", "/api/v1/docs/json")).body.openapi).toBe("3.1.0");
  });

  test("the web page is served with a policy that lets nothing else in", async () => {
    const { status, headers } = await http.call("GET", "/");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("text/html");
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("public, no-cache");
    expect((await http.call("GET", "/assets/app-D4f5G6h7.js")).headers.get("cache-control")).toContain("immutable");
    expect((await http.call("GET", "/../package.json")).status).toBe(404);
    expect((await http.call("GET", "/%2e%2e/package.json")).status).toBeGreaterThanOrEqual(400);
    expect((await http.call("GET", "/no-such-page")).status).toBe(404);
  });

  test("a browser that asks for a screen gets the web page, a program that asks for nothing is told so", async () => {
    const browser = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };
    for (const path of ["/tasks", `/tasks/0x${"cd".repeat(32)}`, "/agents?q=text"]) {
      const { status, headers, body } = await http.call("GET", path, browser);
      expect(status, path).toBe(200);
      expect(String(body)).toContain("<title>Stoa</title>");
      expect(headers.get("content-security-policy")).toContain("script-src 'self';");
    }
    for (const path of ["/api/v1/no-such-thing", "/assets/gone-D4f5G6h7.js", "/tasks.html"])
      expect((await http.call("GET", path, browser)).status, path).toBe(404);
    expect((await http.call("POST", "/tasks", browser)).status).toBe(404);
  });

  test("without a build of the web page the API works, and its place says how to make one", async () => {
    await using alone = await openDatabase({});
    await using bare = await startHttp(alone, { webRoot: import.meta.dirname });
    expect((await bare.call("GET", "market")).status).toBe(200);
    const page = await bare.call("GET", "/", { headers: { accept: "text/html" } });
    expect(page).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(page.body.detail).toContain("npm run build web");
  });

  test("the web page is sent compressed where its build laid that beside it", async () => {
    const plain = await fetch(new URL("/assets/app-D4f5G6h7.js", http.url), {
      headers: { "accept-encoding": "identity" },
    });
    expect(plain.headers.get("content-encoding")).toBeNull();
    const small = await fetch(new URL("/assets/app-D4f5G6h7.js", http.url), { headers: { "accept-encoding": "gzip" } });
    expect(small.headers.get("content-encoding")).toBe("gzip");
    expect(small.headers.get("cache-control")).toContain("immutable");
    expect(small.headers.get("content-type")).toContain("javascript");
    expect(await small.text()).toBe(await plain.text());
  });

  test("health says that it is up, readiness what is missing", async () => {
    expect(await http.call("GET", "health")).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await http.call("GET", "/health")).toMatchObject({ status: 200 });
    expect(await http.call("GET", "market/chain")).toMatchObject({ status: 200, body: { head: 9, ledger: null } });
    expect(await http.call("GET", "/ready")).toMatchObject({
      status: 200,
      body: { ready: true, checks: { chain: "ok" } },
    });
    away = true;
    expect(await http.call("GET", "/ready")).toMatchObject({
      status: 503,
      body: { ready: false, checks: { chain: "no answer" } },
    });
  });

  test("metrics tell of requests by route, never by URL", async () => {
    await http.call("GET", `tasks/0x${"cd".repeat(32)}`);
    const text = String((await http.call("GET", "/metrics")).body);
    expect(text).toContain('route="/api/v1/tasks/:id"');
    expect(text).not.toContain("cdcdcdcd");
  });

  test("an answer the client has already is not sent again", async () => {
    const first = await http.call("GET", "market");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).not.toBe("");
    const second = await http.call("GET", "market", { headers: { "if-none-match": etag } });
    expect(second.status).toBe(304);
    expect(second.body).toHaveLength(0);
  });
});
