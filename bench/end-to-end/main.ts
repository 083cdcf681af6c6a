// Whole life cycles a second through HTTP, WebSocket and node links, every party on this machine and every signature made.
import { parseArgs } from "node:util";
import { openDatabase } from "@stoa/store";
import { ledgerProblems } from "@stoa/testkit";
import { printReport } from "../report.ts";
import { processorSeconds } from "../processor-time.ts";
import { runRequester } from "./requester.ts";
import { startMarket } from "./start-market.ts";

const CAPABILITY = "text.language";
/** What the agent would answer; the nodes have it ready. */
const OUTPUT = { language: "en", name: "English", confidence: 0.99, letters: 40, candidates: [] };
const NODES = 5;
const MUST = 1_500;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    tasks: { type: "string", default: "20000" },
    outstanding: { type: "string", default: "3000" },
  },
});
const [tasks, outstanding] = [Number(values.tasks), Number(values.outstanding)];

await using bench = await startMarket({ nodes: NODES, slots: 1_000, capability: CAPABILITY, output: OUTPUT });
const { market, postgres, nodesPid } = bench;
const parties = {
  server: [market.server.pid],
  nodes: [nodesPid],
  PostgreSQL: [postgres.pid],
  chain: [market.anvil.pid],
};
const spent = () => ({
  ...Object.fromEntries(Object.entries(parties).map(([name, pids]) => [name, processorSeconds(pids)])),
  client: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
});

// Compiled code and prepared statements are the steady state.
const warm = await runRequester(market.client, { capability: CAPABILITY, tasks: 1_000, outstanding: 500, after: 0 });
const before: Record<string, number> = spent();
const { elapsedMs, latenciesMs } = await runRequester(market.client, {
  capability: CAPABILITY,
  tasks,
  outstanding,
  after: warm.lastSeq,
});
const after: Record<string, number> = spent();

const perSecond = (tasks / elapsedMs) * 1_000;
const micros = Object.entries(after).map(
  ([name, seconds]) => [name, ((seconds - before[name]!) / tasks) * 1e6] as const,
);
const at = (part: number) => latenciesMs[Math.floor((latenciesMs.length - 1) * part)] ?? 0;
await using database = await openDatabase({ url: postgres.url.replace(/[^/]*$/, "market") });
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
    ...micros.map(([name, value]) => [`processor µs a life cycle, ${name}`, value] as const),
  ],
  figures: {
    lifeCyclesPerSecond: perSecond,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    ...Object.fromEntries(micros.map(([name, value]) => [`${name}MicrosPerLifeCycle`, value])),
  },
  ratios: { toMust: perSecond / MUST },
  notes: [
    `${tasks} tasks, at most ${outstanding} under way; ${NODES} nodes bid on each; PostgreSQL with fsync and synchronous_commit.`,
    "Client, server, nodes, database and chain share this machine. Every message is signed and checked while the clock runs;",
    "the nodes have the agent's output ready (bench sandbox has what running it costs), and the chain settles behind.",
    `Must: ${MUST.toLocaleString("en")} life cycles/s.`,
  ],
});
