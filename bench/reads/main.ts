// How long every read of the hot paths takes on PostgreSQL with a million tasks and all that comes with them.
import { parseArgs } from "node:util";
import { openDatabase } from "@stoa/store";
import { fillMarket, hotReads, startPostgres, tuneForLoading } from "@stoa/testkit";
import { printReport } from "../report.ts";

const TARGET_MS = 5;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    tasks: { type: "string", default: "1000000" },
    runs: { type: "string", default: "300" },
  },
});

await using server = await startPostgres();
await using database = await openDatabase({ url: await server.createDatabase("reads") });
await tuneForLoading(database);
const tasks = Number(values.tasks);
console.error(`filling a market with ${tasks} tasks`);
const market = await fillMarket(database, tasks);

const rows: [string, number, number, number][] = [];
for (const { name, run } of hotReads) {
  const times: number[] = [];
  for (let i = 0; i < Number(values.runs); i += 1) {
    const started = performance.now();
    await run(database, market);
    times.push(performance.now() - started);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  rows.push([name, at(0.5), at(0.95), at(0.99)]);
}

const slow = rows.filter(([, , p95]) => p95 >= TARGET_MS).map(([name]) => name);
printReport({
  name: "reads",
  title: `Reads of the hot paths with ${tasks.toLocaleString("en")} tasks, in ms`,
  columns: ["read", "p50", "p95", "p99"],
  rows,
  figures: { slowestP95Ms: Math.max(...rows.map(([, , p95]) => p95)), readsOverTarget: slow.length },
  ratios: {},
  notes: [
    `${values.runs} runs each on one connection, the round trip and the reading of the answer included; 13 monthly partitions.`,
    `Target: p95 below ${TARGET_MS} ms. ${slow.length === 0 ? "All reach it." : `Over it: ${slow.join(", ")}.`}`,
  ],
});
