import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { AgentMatch, AgentMatchPage } from "@stoa/protocol";
import { openDatabase } from "@stoa/store";
import {
  databaseKinds,
  findPgvectorBinaries,
  insertAgents,
  type PlannedAgent,
  packageDescriptions,
  startPostgres,
  type TestDatabase,
} from "@stoa/testkit";
import { type EmbedderProcess, hashedVector, startEmbedder } from "@stoa/testkit/embedder";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { embeddedText } from "../../src/search/embed-agents.ts";
import { type HttpFixture, startHttp } from "../http/http-fixture.ts";

const PATIENCE = { timeout: 60_000, interval: 50 };
const QUERIES = ["typescripting", "asynchronous streams", "colours for terminals", "checking values against a schema"];

const agents: PlannedAgent[] = packageDescriptions().map(({ name, description }) => ({
  name,
  description,
  capabilities: ["npm.package"],
}));
const pgvector = findPgvectorBinaries();

interface Place {
  name: string;
  /** What may be missing among the first ten: an index of neighbours finds most of them. */
  recall: number;
  table: "agent_vectors" | "agent_pgvectors";
  start: (() => Promise<Pick<TestDatabase, "database"> & AsyncDisposable>) | undefined;
}

const places: Place[] = [
  ...databaseKinds
    .filter(({ name }) => name !== "PGlite in a folder")
    .map(({ name, start }) => ({
      name: `the index's memory, on ${name}`,
      recall: 1,
      table: "agent_vectors" as const,
      start,
    })),
  {
    name: "pgvector",
    recall: 0.9,
    table: "agent_pgvectors",
    start: "binaries" in pgvector ? () => startPgvector(pgvector.binaries) : undefined,
  },
];
if ("missing" in pgvector) console.warn(`left out: ${pgvector.missing}`);

async function startPgvector(binaries: string) {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await startPostgres({ binaries }));
  const database = stack.use(await openDatabase({ url: await server.createDatabase("market") }));
  return { database, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const search = async (http: HttpFixture, q: string, more = ""): Promise<AgentMatchPage> =>
  (await http.call("GET", `agents/search?q=${encodeURIComponent(q)}${more}`)).body as AgentMatchPage;

/** The names nearest to a query by the embedder's own vectors, each compared here. */
function nearestNames(q: string, among: readonly PlannedAgent[], count: number): string[] {
  const asked = hashedVector(q);
  return among
    .map((agent) => ({ name: agent.name, similarity: cosine(asked, hashedVector(textOf(agent))) }))
    .toSorted((a, b) => b.similarity - a.similarity)
    .slice(0, count)
    .map(({ name }) => name);
}

function textOf({ name, description, capabilities }: PlannedAgent): string {
  return embeddedText({ name, description, capabilities });
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, number, at) => sum + number * b[at]!, 0);
}

/** What was found, the nearest in meaning first. */
function byMeaning(items: readonly AgentMatch[]): AgentMatch[] {
  return items.filter(({ found }) => found.meaning !== null).toSorted((a, b) => b.found.meaning! - a.found.meaning!);
}

describe.each(places)("meaning, by $name", ({ recall, table, start }) => {
  let opened: Awaited<ReturnType<NonNullable<Place["start"]>>>;
  let embedder: EmbedderProcess;
  let http: HttpFixture;

  beforeAll(async () => {
    if (!start) return;
    opened = await start();
    embedder = await startEmbedder();
    await insertAgents(opened.database, agents);
    http = await startHttp(opened.database, { embedder: embedder.settings });
    // Beside these there is the market's own agent.
    await vi.waitUntil(async () => {
      const [row] = await opened.database.query<{ count: number }>(`select count(*)::integer as count from ${table}`);
      return row!.count > agents.length;
    }, PATIENCE);
  });
  afterAll(async () => {
    await http?.[Symbol.asyncDispose]();
    await embedder?.[Symbol.asyncDispose]();
    await opened?.[Symbol.asyncDispose]();
  });

  test.skipIf(!start)(
    "agents are found that have none of the words, and the answer says how near they are",
    async () => {
      for (const q of QUERIES) {
        const page = await search(http, q, "&limit=100");
        expect(page.meaning).toBe("used");
        for (const { found, name } of byMeaning(page.items)) {
          const agent = agents.find((each) => each.name === name);
          if (agent) expect(found.meaning).toBeCloseTo(cosine(hashedVector(q), hashedVector(textOf(agent))), 4);
        }
      }
      const { items } = await search(http, "typescripting", "&limit=100");
      expect(items.some(({ found }) => found.text.length + found.spelling.length === 0 && found.meaning !== null)).toBe(
        true,
      );
    },
  );

  test.skipIf(!start)("the nearest by meaning are those that the embedder's vectors say", async () => {
    await vi.waitFor(async () => {
      let [there, asked] = [0, 0];
      for (const q of QUERIES) {
        const found = new Set(byMeaning((await search(http, q, "&limit=100")).items).map(({ name }) => name));
        const nearest = nearestNames(q, agents, 10);
        there += nearest.filter((name) => found.has(name)).length;
        asked += nearest.length;
      }
      expect(there / asked).toBeGreaterThanOrEqual(recall);
    }, PATIENCE);
  });

  test.skipIf(!start)("what a filter leaves is compared whole, however few it leaves", async () => {
    const few = agents
      .slice(0, 12)
      .map((agent, at) => ({ ...agent, name: `few-${agent.name}`, capabilities: [`few.n${at % 2}`] }));
    await insertAgents(opened.database, few);
    await using another = await startHttp(opened.database, { embedder: embedder.settings });
    const wanted = few.filter(({ capabilities }) => capabilities[0] === "few.n1");
    await vi.waitFor(async () => {
      const { items } = await search(another, "streams", "&capability=few.n1&limit=100");
      const names = byMeaning(items).map(({ name }) => name);
      const positive = wanted.filter((agent) => cosine(hashedVector("streams"), hashedVector(textOf(agent))) > 0);
      expect(new Set(names)).toEqual(new Set(positive.map(({ name }) => name)));
    }, PATIENCE);
  });

  test.skipIf(!start)("a server that starts again has the vectors without asking for them again", async () => {
    await using counting = await countTexts(embedder.settings.url);
    await using another = await startHttp(opened.database, { embedder: { ...embedder.settings, url: counting.url } });
    await vi.waitFor(async () => {
      const { items, meaning } = await search(another, "streams", "&limit=100");
      expect(meaning).toBe("used");
      expect(byMeaning(items).length).toBeGreaterThan(50);
    }, PATIENCE);
    // The query's, and those of what was published since.
    expect(counting.texts()).toBeLessThan(10);
  });

  test.skipIf(!start)("an embedder that is away leaves the words, and the answer says so", async () => {
    await embedder.kill();
    const page = await search(http, "a query that was never asked before: typescript");
    expect(page.meaning).toBe("away");
    expect(page.items.map(({ name }) => name)).toContain("typescript");
    for (const { found } of page.items) expect(found.meaning).toBeNull();
    expect(http.log()).toContain("a query is searched for by its words alone");
    // One that was asked before is known.
    expect((await search(http, QUERIES[0]!)).meaning).toBe("used");
  });
});

/** Stands before an embedder, and counts the texts it is asked about. */
async function countTexts(target: string): Promise<AsyncDisposable & { url: string; texts(): number }> {
  let count = 0;
  const server: Server = createServer((request, response) => {
    void text(request).then(async (body) => {
      count += [(JSON.parse(body) as { input: string | string[] }).input].flat().length;
      const { authorization = "" } = request.headers;
      const answer = await fetch(`${target}/embeddings`, { method: "POST", body, headers: { authorization } });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    texts: () => count,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
