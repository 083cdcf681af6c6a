// Durable whole life cycles a second through the lane beside queues, what each costs, and how that grows.
//
// A life cycle is submit, five bids, award, start, deliver, settle: five transitions of one task.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Database, openDatabase } from "@stoa/store";
import { type PostgresServer, startPostgres } from "@stoa/testkit";
import { printReport } from "../report.ts";
import { timeCopies } from "./copy-limit.ts";
import { type Costs, openMeter } from "./meter.ts";
import { peers } from "./peers/peers.ts";
import { countRows, preload } from "./preload.ts";
import { type LifeCycleCosts, type LifeCyclePlan, runLifeCycles } from "./run-life-cycles.ts";

const TRANSITIONS = 5;
const BIDS = 5;
const TARGET = 6_000;
/** Life cycles that a database is filled up with copies of. */
const SEEDS = 500;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    tasks: { type: "string", default: "6000" },
    alone: { type: "string", default: "200" },
    peers: { type: "string", default: "2000" },
    callers: { type: "string", default: "1,8,64,512,4096" },
    // 10000000 takes some minutes and 10 GB.
    rows: { type: "string", default: "10000,1000000" },
  },
});

type Plan = Omit<LifeCyclePlan, "database" | "meter">;

interface Written {
  inserted: number;
  updated: number;
  deleted: number;
}

const perSecond = (tasks: number, ms: number) => (tasks / ms) * 1_000;
const numbers = (list: string) => list.split(",").filter(Boolean).map(Number);

async function measureEmbedded(tasks: number): Promise<LifeCycleCosts> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-bench-"));
  try {
    await using database = await openDatabase({ folder });
    return await runLifeCycles({ database, tasks, meter: openMeter(database, undefined) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let made = 0;

/** Runs life cycles in a database of their own. */
async function measureServed(
  server: PostgresServer,
  plan: Plan,
  around: { before?: (database: Database) => Promise<void>; after?: (database: Database) => Promise<void> } = {},
): Promise<LifeCycleCosts & { written: Written }> {
  const url = await server.createDatabase(`bench${(made += 1)}`);
  let before: Written;
  let costs: LifeCycleCosts;
  {
    await using database = await openDatabase({ url });
    await around.before?.(database);
  }
  {
    await using database = await openDatabase({ url });
    before = await writtenIn(database);
    costs = await runLifeCycles({ database, meter: openMeter(database, server.pid), ...plan });
  }
  // The server counts a connection's rows for certain once that is closed.
  await using database = await openDatabase({ url });
  const after = await writtenIn(database);
  await around.after?.(database);
  return {
    ...costs,
    written: {
      inserted: after.inserted - before.inserted,
      updated: after.updated - before.updated,
      deleted: after.deleted - before.deleted,
    },
  };
}

async function writtenIn(database: Database): Promise<Written> {
  const [row] = await database.query<Record<keyof Written, bigint>>(
    `select coalesce(sum(n_tup_ins), 0) as inserted, coalesce(sum(n_tup_upd), 0) as updated,
            coalesce(sum(n_tup_del), 0) as deleted from pg_stat_user_tables`,
  );
  return { inserted: Number(row!.inserted), updated: Number(row!.updated), deleted: Number(row!.deleted) };
}

/** Each queue, at the nearest thing to life cycles that it can do: five jobs, each queued by the one before. */
async function measurePeers(lifeCycles: number) {
  const measured: { name: string; rate: number; rows: number }[] = [];
  for (const { name, run } of lifeCycles > 0 ? peers : []) {
    const ran = await run(lifeCycles);
    if (ran) measured.push({ name, rate: perSecond(lifeCycles, ran.elapsedMs), rows: ran.rowsPerLifeCycle });
  }
  return measured;
}

async function measureThroughput(server: PostgresServer): Promise<void> {
  const tasks = Number(values.tasks);
  const single = Number(values.alone);
  const embedded = await measureEmbedded(Math.min(tasks, 2_000));
  let copyMs = 0;
  const batched = await measureServed(
    server,
    { tasks },
    { after: async (database) => void (copyMs = await timeCopies(database)) },
  );
  const alone = await measureServed(server, { tasks: single, maxBatch: 1 });
  const queues = await measurePeers(Number(values.peers));
  const rowsOf = ({ inserted, updated, deleted }: Written) => inserted + updated + deleted;
  const row = (name: string, of: number, { checks, lane, written }: LifeCycleCosts & { written?: Written }) => [
    name,
    perSecond(of, checks.ms + lane.ms),
    perSecond(of, lane.ms),
    perSecond(of, lane.ms) * TRANSITIONS,
    perSecond(of, lane.ms) * BIDS,
    written ? rowsOf(written) / of : "",
    lane.nodeUs / of,
    lane.postgresUs / of,
    lane.walBytes / of,
  ];
  const { written } = batched;
  const rate = (costs: LifeCycleCosts, of: number, part: (costs: LifeCycleCosts) => number) =>
    perSecond(of, part(costs));
  const whole = ({ checks, lane }: LifeCycleCosts) => checks.ms + lane.ms;
  printReport({
    name: "lifecycles",
    title: "Durable life cycles of a task a second",
    columns: [
      "how",
      "with all checks/s",
      "lane alone/s",
      "transitions/s",
      "bids/s",
      "rows each",
      "node µs each",
      "PostgreSQL µs each",
      "WAL bytes each",
    ],
    rows: [
      row("PGlite (no fsync)", Math.min(tasks, 2_000), embedded),
      row("PostgreSQL", tasks, batched),
      row("PostgreSQL, one transaction a step", single, alone),
      ...queues.map(({ name, rate, rows }) => [name, "", rate, rate * TRANSITIONS, "", rows, "", "", ""]),
      ["raw COPY of the same rows", "", perSecond(tasks, copyMs), "", "", "", "", "", ""],
    ],
    figures: {
      pgliteLifecyclesPerSecond: rate(embedded, Math.min(tasks, 2_000), whole),
      pgliteLaneLifecyclesPerSecond: rate(embedded, Math.min(tasks, 2_000), ({ lane }) => lane.ms),
      postgresqlLifecyclesPerSecond: rate(batched, tasks, whole),
      postgresqlLaneLifecyclesPerSecond: rate(batched, tasks, ({ lane }) => lane.ms),
      postgresqlOneByOneLifecyclesPerSecond: rate(alone, single, ({ lane }) => lane.ms),
      copyLifecyclesPerSecond: perSecond(tasks, copyMs),
      nodeUsPerLifecycle: batched.lane.nodeUs / tasks,
      postgresqlUsPerLifecycle: batched.lane.postgresUs / tasks,
      walBytesPerLifecycle: batched.lane.walBytes / tasks,
      rowsWrittenPerLifecycle: rowsOf(written) / tasks,
      ...Object.fromEntries(queues.map(({ name, rate }) => [`${name}LifecyclesPerSecond`, rate])),
    },
    ratios: {
      postgresqlLaneToOneByOne:
        rate(batched, tasks, ({ lane }) => lane.ms) / rate(alone, single, ({ lane }) => lane.ms),
      postgresqlLaneToCopy: copyMs / batched.lane.ms,
      ...Object.fromEntries(
        queues.map(({ name, rate }) => [
          `postgresqlLaneTo${name}`,
          rate > 0 ? perSecond(tasks, batched.lane.ms) / rate : Number.NaN,
        ]),
      ),
    },
    notes: [
      `${tasks} tasks of one capability, ${BIDS} bids a task; one transaction a step: ${single} tasks.`,
      `Rows a life cycle: ${perCycle(written.inserted, tasks)} inserted, ${perCycle(written.updated, tasks)} updated, ${perCycle(written.deleted, tasks)} deleted.`,
      "With all checks: also the market's signatures and signature checks, input schemas, clearing, and the reads they take, on one core.",
      "PostgreSQL as it comes: synchronous_commit and fsync on. COPY: into the same columns and indexes, one transaction, nothing updated.",
      `Queues, ${values.peers} life cycles: five jobs, each queued by the one before, as durable, each batched at its best; no ledger, bids or events. BullMQ where there is a redis-server, which syncs every write.`,
      `Target on PostgreSQL: ${TARGET.toLocaleString("en")} life cycles/s through the lane.`,
    ],
  });
}

const perCycle = (rows: number, tasks: number) => (rows / tasks).toFixed(1);

async function measureCallers(server: PostgresServer): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const callers of numbers(values.callers)) {
    const tasks = Math.max(200, callers * 2);
    const { lane, latencies } = await measureServed(server, { tasks, callers });
    rows.push([String(callers), perSecond(tasks, lane.ms), ...[50, 95, 99].map((at) => percentile(latencies, at))]);
  }
  printReport({
    name: "lifecycles-callers",
    title: "Life cycles a second and latency of one call, by callers at a time",
    columns: ["callers", "with all checks/s", "p50 ms", "p95 ms", "p99 ms"],
    rows,
    figures: Object.fromEntries(
      rows.flatMap(([callers, rate, , p95]) => [
        [`callers${callers}LifecyclesPerSecond`, Number(rate)],
        [`callers${callers}P95Ms`, Number(p95)],
      ]),
    ),
    ratios: {},
    notes: ["Each caller calls again when it is answered; a call is checked, decided and committed before that."],
  });
}

async function measureRows(server: PostgresServer): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const wanted of numbers(values.rows)) {
    const tasks = Math.min(Number(values.tasks), 4_000);
    let present = 0;
    const before = async (database: Database) => {
      await runLifeCycles({ database, tasks: SEEDS, meter: openMeter(database, server.pid) });
      await preload(database, wanted);
      present = await countRows(database);
    };
    const { lane } = await measureServed(server, { tasks, checkLedger: false }, { before });
    rows.push([present.toLocaleString("en"), perSecond(tasks, lane.ms), ...eachOf(lane, tasks)]);
  }
  printReport({
    name: "lifecycles-rows",
    title: "Life cycles a second through the lane, by rows there are",
    columns: ["rows present", "lane alone/s", "node µs each", "PostgreSQL µs each", "WAL bytes each"],
    rows,
    figures: Object.fromEntries(rows.map(([, rate], at) => [`rows${numbers(values.rows)[at]}PerSecond`, Number(rate)])),
    ratios: {},
    notes: ["Finished life cycles: a task, its order, award and settlement, 11 ledger entries and 6 events each."],
  });
}

const eachOf = ({ nodeUs, postgresUs, walBytes }: Costs, tasks: number) =>
  [nodeUs, postgresUs, walBytes].map((sum) => sum / tasks);

function percentile(samples: readonly number[], at: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * at) / 100))] ?? Number.NaN;
}

await using server = await startPostgres();
// One small run first: compiled code is the steady state.
await measureServed(server, { tasks: 200 });
await measureThroughput(server);
await measureCallers(server);
await measureRows(server);
