// Durable whole life cycles a second through the lane, beside one transaction per step.
//
// A life cycle is submit, five bids, award, start, deliver, settle: five transitions of one task.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "@stoa/store";
import { startPostgres } from "@stoa/testkit";
import { printReport } from "../report.ts";
import { type LifeCyclePlan, type LifeCycleTimes, runLifeCycles } from "./run-life-cycles.ts";

const TRANSITIONS = 5;
const TARGET = 4_000;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    tasks: { type: "string", default: "2000" },
    alone: { type: "string", default: "200" },
  },
});

type Figures = Record<"whole" | "lane" | "alone", number>;

async function measure(open: () => ReturnType<typeof openDatabase>): Promise<Figures> {
  const run = async (plan: Omit<LifeCyclePlan, "database">) => {
    const database = await open();
    try {
      return await runLifeCycles({ database, ...plan });
    } finally {
      await database.close();
    }
  };
  // One small run first: compiled code and prepared statements are the steady state.
  await run({ tasks: 100 });
  const tasks = Number(values.tasks);
  const batched = await run({ tasks });
  const single = Number(values.alone);
  const alone = await run({ tasks: single, maxBatch: 1 });
  return {
    whole: perSecond(tasks, total(batched)),
    lane: perSecond(tasks, batched.laneMs),
    alone: perSecond(single, alone.laneMs),
  };
}

const total = ({ checksMs, laneMs }: LifeCycleTimes) => checksMs + laneMs;
const perSecond = (tasks: number, ms: number) => (tasks / ms) * 1_000;

async function measureEmbedded(): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-bench-"));
  let at = 0;
  try {
    return await measure(() => openDatabase({ folder: join(folder, String((at += 1))) }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureServed(): Promise<Figures> {
  await using server = await startPostgres();
  let at = 0;
  return await measure(async () => openDatabase({ url: await server.createDatabase(`bench${(at += 1)}`) }));
}

const rows = [
  ["PGlite (no fsync)", await measureEmbedded()],
  ["PostgreSQL", await measureServed()],
] as const;

printReport({
  name: "lifecycles",
  title: "Durable life cycles of a task a second",
  columns: ["database", "with all checks", "lane alone", "lane transitions/s", "one by one", "ratio"],
  rows: rows.map(([name, { whole, lane, alone }]) => [name, whole, lane, lane * TRANSITIONS, alone, lane / alone]),
  figures: Object.fromEntries(
    rows.flatMap(([, { whole, lane, alone }], at) => {
      const name = at === 0 ? "pglite" : "postgresql";
      return [
        [`${name}LifecyclesPerSecond`, whole],
        [`${name}LaneLifecyclesPerSecond`, lane],
        [`${name}LaneTransitionsPerSecond`, lane * TRANSITIONS],
        [`${name}OneByOneLifecyclesPerSecond`, alone],
      ];
    }),
  ),
  ratios: {
    pgliteLaneToOneByOne: rows[0][1].lane / rows[0][1].alone,
    postgresqlLaneToOneByOne: rows[1][1].lane / rows[1][1].alone,
  },
  notes: [
    `${values.tasks} tasks of one capability, 5 bids a task; one by one: ${values.alone} tasks, each step its own transaction.`,
    "With all checks: also the market's signatures and signature checks, input schemas, clearing, and the reads they take, on one core.",
    `Target on PostgreSQL: ${TARGET.toLocaleString("en")} transitions/s; aim: ${TARGET.toLocaleString("en")} life cycles/s.`,
  ],
});
