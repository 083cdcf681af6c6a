// How long a search for agents takes among 100,000, by words and by meaning, beside the raw limit; and what it finds of what is nearest.
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { MOST_NEAR, VectorIndex } from "@stoa/search";
import { embeddedText, openSearch } from "@stoa/server";
import {
  type Database,
  findNearest,
  insertAgentVectors,
  insertPgvectors,
  openDatabase,
  preparePgvector,
} from "@stoa/store";
import {
  createMarketFixture,
  findPgvectorBinaries,
  insertAgents,
  type PostgresServer,
  startMarketChain,
  startPostgres,
  tuneForLoading,
} from "@stoa/testkit";
import { hashedVector, startEmbedder } from "@stoa/testkit/embedder";
import { processorSeconds } from "../processor-time.ts";
import { randomFrom } from "../random-from.ts";
import { printReport } from "../report.ts";
import { agentsOf, queriesOf } from "./corpus.ts";
import { type Latencies, latenciesOf } from "./latencies.ts";
import { fullTextLibrary, indexAlone, plainScan } from "./limits.ts";
import { startServerProcess } from "./start-server.ts";

const nothing = () => {};
const quiet = { info: nothing, warn: nothing, error: console.error, debug: nothing } as unknown as Parameters<
  typeof openSearch
>[0]["log"];
const TARGET_MS = 50;
const MODEL = "hashed";
const AT_ONCE = 1_000;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    agents: { type: "string", default: "100000" },
    queries: { type: "string", default: "400" },
  },
});
const [loadBefore] = loadavg();
const agents = agentsOf(Number(values.agents));
const queries = queriesOf(agents, Number(values.queries), randomFrom(9));
const rows: [string, number, number, number, number][] = [];
const figures: Record<string, number> = {};
const notes: string[] = [];

const pgvector = findPgvectorBinaries();
await using embedder = await startEmbedder();
await using chain = await startMarketChain({ blockTimeSeconds: 1 });
const library = await measureLimits();
await using served = await startPostgres();
await using database = await openDatabase({ url: await served.createDatabase("search") });
const vectors = await fill(database);
await database.transaction(async (tx) => {
  for (let from = 0; from < vectors.length; from += AT_ONCE)
    await insertAgentVectors(tx, MODEL, vectors.slice(from, from + AT_ONCE));
});
await measureSearch("words", database, served, false);
await measureSearch("meaning in memory", database, served, true);
if ("binaries" in pgvector) await measurePgvector(pgvector.binaries);
else notes.push(`Without pgvector: ${pgvector.missing}.`);

const overTarget = rows.filter(([name, , p95]) => / call| HTTP/.test(name) && p95 >= TARGET_MS).map(([name]) => name);
printReport({
  name: "search",
  title: `Searching ${agents.length.toLocaleString("en")} agents, in ms`,
  columns: ["search", "p50", "p95", "p99", "processor"],
  rows,
  figures,
  ratios: {
    httpToLibraryP95: figures["wordsHttpP95Ms"]! / library.p95,
    indexToLibraryProcessor: figures["indexProcessorMs"]! / library.processor,
  },
  notes: [
    `${queries.length} queries of one to five words, every fourth with a slip; texts of ${averageLength()} characters on average. One at a time, pages of 50, PostgreSQL.`,
    `Call: the server's search without HTTP, the index in its thread. HTTP: to a server process of its own, with the agents read from the database. By meaning, the query's vector comes from an embedder beside it.`,
    `Processor: the mean of a search, of all its threads; by HTTP the server's. The machine's load was ${loadBefore!.toFixed(1)} for ${availableParallelism()} cores when this began.`,
    ...notes,
    `Target: p95 below ${TARGET_MS} ms. ${overTarget.length === 0 ? "All reach it." : `Over it: ${overTarget.join(", ")}.`}`,
  ],
});

function averageLength(): number {
  return Math.round(agents.reduce((sum, { description }) => sum + description.length, 0) / agents.length);
}

function report(name: string, key: string, { p50, p95, p99, processor }: Latencies): void {
  rows.push([name, p50, p95, p99, processor]);
  figures[`${key}ProcessorMs`] = processor;
  figures[`${key}P95Ms`] = p95;
  console.error(`${name}: p95 ${p95.toFixed(1)} ms`);
}

/** What the same queries take by less. */
async function measureLimits(): Promise<Latencies> {
  for (const [key, limit] of [
    ["scan", plainScan],
    ["index", indexAlone],
  ] as const) {
    const { name, search } = limit(agents);
    report(name, key, await latenciesOf(queries.slice(0, key === "scan" ? 50 : undefined), search));
  }
  const { name, search } = fullTextLibrary(agents);
  const latencies = await latenciesOf(queries, search);
  report(name, "library", latencies);
  return latencies;
}

async function fill(into: Database) {
  await tuneForLoading(into);
  const ids = await insertAgents(into, agents);
  await into.script("analyze agents");
  return agents.map((agent, at) => ({ versionId: ids[at]!, vector: hashedVector(embeddedText(agent)) }));
}

/** Measures the call and HTTP, and what a server that has only just started takes to have its index. */
async function measureSearch(name: string, from: Database, server: PostgresServer, byMeaning: boolean): Promise<void> {
  const key = name.replaceAll(/ ./g, (text) => text[1]!.toUpperCase());
  const settings = byMeaning ? { embedder: embedder.settings } : {};
  {
    const { market } = await createMarketFixture({ database: from });
    await using search = await openSearch({ database: from, market, log: quiet }, settings);
    await search.search({ text: "ready", filter: {}, limit: 1, caller: "0" });
    report(
      `${name}, call`,
      `${key}Call`,
      await latenciesOf(queries, (text) => search.search({ text, filter: {}, limit: 51, caller: text })),
    );
    await market.stop();
  }
  const databaseUrl = server.url.replace(/[^/]+$/, "search");
  const startedAt = performance.now();
  await using child = await startServerProcess({ chain, databaseUrl, ...settings });
  let client = 0;
  const get = async (q: string) => {
    client += 1;
    const response = await fetch(`${child.url}/api/v1/agents/search?${new URLSearchParams({ q })}`, {
      headers: { "x-forwarded-for": `10.0.${client >> 8}.${client & 255}` },
    });
    const page = (await response.json()) as { items: unknown[]; meaning: string };
    if (!response.ok || (byMeaning && page.meaning !== "used")) throw new Error(JSON.stringify(page));
  };
  const before = await child.memoryMb();
  const ready = await fetch(`${child.url}/api/v1/agents/search?q=ready`);
  await ready.text();
  figures[`${key}ReadySeconds`] = (performance.now() - startedAt) / 1_000;
  if (byMeaning) await untilCompared(child.url);
  const processorMs = () => processorSeconds([child.pid]) * 1_000;
  report(`${name}, HTTP`, `${key}Http`, await latenciesOf(queries, get, processorMs));
  figures[`${key}MemoryMb`] = await child.memoryMb();
  notes.push(
    `${name}: the first search is answered ${figures[`${key}ReadySeconds`]!.toFixed(1)} s after the server is started; it has ${figures[`${key}MemoryMb`]!.toFixed(0)} MiB in memory, ${before.toFixed(0)} before its index.`,
  );
}

async function untilCompared(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/api/v1/agents/search?q=ready`);
    if (((await response.json()) as { meaning: string }).meaning === "used") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The database's own index of vectors, and how much of what is nearest it finds. */
async function measurePgvector(binaries: string): Promise<void> {
  await using server = await startPostgres({ binaries });
  await using other = await openDatabase({ url: await server.createDatabase("search") });
  const rowsOfIt = await fill(other);
  const missing = await preparePgvector(other);
  if (missing !== undefined) return void notes.push(`Without pgvector: ${missing}.`);
  // Its index is made once all are there, which is far quicker.
  await other.script("set maintenance_work_mem = '1GB'");
  await insertPgvectors(other, MODEL, rowsOfIt.slice(0, 1));
  const [index] = await other.query<{ name: string }>(
    "select indexname as name from pg_indexes where tablename = 'agent_pgvectors' and indexdef like '%hnsw%'",
  );
  await other.script(`drop index ${index!.name}`);
  for (let from = 1; from < rowsOfIt.length; from += AT_ONCE)
    await other.query(
      `insert into agent_pgvectors (version_id, model, vector)
       select version_id, $1, vector::vector from unnest($2::text[], $3::text[]) as given (version_id, vector)`,
      [
        MODEL,
        rowsOfIt.slice(from, from + AT_ONCE).map(({ versionId }) => versionId),
        rowsOfIt.slice(from, from + AT_ONCE).map(({ vector }) => `[${vector.join(",")}]`),
      ],
    );
  const startedAt = performance.now();
  await insertPgvectors(other, MODEL, rowsOfIt.slice(0, 1));
  figures["pgvectorIndexSeconds"] = (performance.now() - startedAt) / 1_000;
  await other.script("analyze agent_pgvectors");
  figures["pgvectorRecallAt10"] = await recallAt10(other, rowsOfIt);
  notes.push(
    `pgvector's index finds ${(100 * figures["pgvectorRecallAt10"]).toFixed(1)} of 100 of the ten nearest that comparing all vectors finds; it was made in ${figures["pgvectorIndexSeconds"].toFixed(0)} s.`,
  );
  await measureSearch("meaning by pgvector", other, server, true);
}

async function recallAt10(
  from: Database,
  all: readonly { versionId: string; vector: Float32Array }[],
): Promise<number> {
  const exact = new VectorIndex(all[0]!.vector.length);
  for (const [at, { vector }] of all.entries()) exact.put(at, vector);
  let [found, asked] = [0, 0];
  for (const query of queries.slice(0, 200)) {
    const vector = hashedVector(query);
    const similarities = exact.similarities(vector);
    const tenth = similarities.toSorted().at(-10)!;
    const near = await findNearest(from, { model: MODEL, vector, limit: MOST_NEAR });
    // What is as near as the tenth counts, whichever of those it is.
    found += near.slice(0, 10).filter(({ similarity }) => similarity >= tenth - 1e-5).length;
    asked += 10;
  }
  return found / asked;
}
