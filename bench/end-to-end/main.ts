// Whole life cycles a second through HTTP, WebSocket and node links, every party on this machine and every signature made.
import { parseArgs } from "node:util";
import { openDatabase } from "@stoa/store";
import { ledgerProblems } from "@stoa/testkit";
import { printReport } from "../report.ts";
import { processorSeconds } from "../processor-time.ts";
import { runRequester } from "./requester.ts";
import { settleBehind } from "./settle-behind.ts";
import { startMarket } from "./start-market.ts";

const CAPABILITY = "text.language";
/** What the agent would answer; the nodes have it ready. */
const OUTPUT = { language: "en", name: "English", confidence: 0.99, letters: 40, candidates: [] };
const NODES = 5;
const WARM_TASKS = 1_000;
const MUST = 1_500;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    tasks: { type: "string", default: "20000" },
    outstanding: { type: "string", default: "3000" },
    "off-chain": { type: "boolean", default: false },
  },
});
const [tasks, outstanding] = [Number(values.tasks), Number(values.outstanding)];

await using bench = await startMarket({ nodes: NODES, slots: 1_000, capability: CAPABILITY, output: OUTPUT });
const { market, postgres, nodesPid } = bench;
await using database = await openDatabase({ url: postgres.url.replace(/[^/]*$/, "market") });

function spent(): Record<string, number> {
  const { user, system } = process.cpuUsage();
  return {
    server: processorSeconds([market.server.pid]),
    nodes: processorSeconds([nodesPid]),
    PostgreSQL: processorSeconds([postgres.pid]),
    client: (user + system) / 1e6,
    chain: processorSeconds([market.anvil.pid]),
  };
}

/** Microseconds of processor time for each of `count` since `before`, by party. */
function costSince(before: Record<string, number>, count: number): [string, number][] {
  return Object.entries(spent()).map(([name, seconds]) => [name, ((seconds - before[name]!) / count) * 1e6]);
}

// Compiled code and prepared statements are the steady state.
const plan = { capability: CAPABILITY, outstanding };
const warm = await runRequester(market.client, { ...plan, tasks: WARM_TASKS, outstanding: 500, after: 0 });
const before = spent();
const { elapsedMs, latenciesMs } = await runRequester(market.client, { ...plan, tasks, after: warm.lastSeq });
const costs = costSince(before, tasks);
const perSecond = (tasks / elapsedMs) * 1_000;
const at = (part: number) => latenciesMs[Math.floor((latenciesMs.length - 1) * part)] ?? 0;

const settling: [string, number][] = [];
if (!values["off-chain"]) {
  // The server that settles is a fresh process: all it has spent by then, it spent on this.
  const beforeSettling = { ...spent(), server: 0 };
  const startedAt = performance.now();
  await settleBehind(bench, database);
  const settled = tasks + WARM_TASKS;
  const { chain, server } = Object.fromEntries(costSince(beforeSettling, settled));
  settling.push(["chain", chain!], ["server", server!]);
  settling.push(["elapsed", ((performance.now() - startedAt) / settled) * 1_000]);
}
const problems = await ledgerProblems(database);
if (problems.length > 0) throw new Error(problems.join("\n"));

printReport({
  name: "end-to-end",
  title: "Whole life cycles a second, end to end",
  columns: ["what", "figure"],
  rows: [
    ["life cycles/s", perSecond],
    ["transitions/s", perSecond * 5],
    ["bids/s", perSecond * NODES],
    ["order to settled, p50 ms", at(0.5)],
    ["order to settled, p95 ms", at(0.95)],
    ["order to settled, p99 ms", at(0.99)],
    ...costs.map(([name, value]) => [`processor µs a life cycle, ${name}`, value] as const),
    ["processor µs a life cycle, all but the chain", totalOf(costs)],
    ...settling.map(([name, value]) => [`settling on chain afterwards, µs a life cycle, ${name}`, value] as const),
  ],
  figures: {
    lifeCyclesPerSecond: perSecond,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    ...Object.fromEntries(costs.map(([name, value]) => [`${name}MicrosPerLifeCycle`, value])),
    ...Object.fromEntries(settling.map(([name, value]) => [`settling${name}MicrosPerLifeCycle`, value])),
  },
  ratios: { toMust: perSecond / MUST },
  notes: [
    `${tasks} tasks, at most ${outstanding} under way; ${NODES} nodes bid on each; PostgreSQL with fsync and synchronous_commit.`,
    "Client, server, nodes and database share this machine. Every message is signed and checked while the clock runs;",
    "the nodes have the agent's output ready (bench sandbox has what running it costs). Settlements are gathered meanwhile",
    "(STOA_SETTLE_SECONDS) and sent to the chain afterwards; then ledger and vault agree on everybody's money.",
    `Must: ${MUST.toLocaleString("en")} life cycles/s.`,
  ],
});

function totalOf(parts: readonly [string, number][]): number {
  return parts.reduce((sum, [name, value]) => (name === "chain" ? sum : sum + value), 0);
}
