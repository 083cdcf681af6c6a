// Clearing a round: weighing, solving, payments and split, beside one HiGHS solve of the same market.
//
// `-- --highs-seconds 0` leaves HiGHS out; `-- --only "near ties"` takes one kind of market.
import { parseArgs } from "node:util";
import { clearRound, type Market, solveAssignment, weighEdges } from "@stoa/core";
import type { Hash } from "@stoa/protocol";
import { highsOptimum } from "@stoa/testkit/highs";
import { printReport } from "../report.ts";
import { type AskKind, benchMarket, type MarketSize } from "./bench-market.ts";
import { medianCpuMs } from "./cpu-ms.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    only: { type: "string" },
    "highs-seconds": { type: "string", default: "60" },
  },
});
const limitSeconds = Number(values["highs-seconds"]);
const SEED: Hash = `0x${"5e".repeat(32)}`;
const LATER_SEED: Hash = `0x${"7a".repeat(32)}`;

const small = { tasks: 1_000, nodes: 500, bidsPerTask: 25 };
const large = { tasks: 10_000, nodes: 1_000, bidsPerTask: 20 };
const sizes: readonly MarketSize[] = [
  { ...small, slotsPerTask: 1 },
  { ...small, slotsPerTask: 2 },
  { ...large, slotsPerTask: 1.1 },
  { ...large, slotsPerTask: 2 },
];
const kinds = (["near ties", "independent", "log-normal"] as const).filter((kind) => (values.only ?? kind) === kind);

const problemOf = (market: Market, seed = SEED) => ({
  taskCount: market.tasks.length,
  slots: market.nodes.map(({ slots }) => slots),
  edges: weighEdges(market, seed).edges,
});

interface Times {
  weigh: number;
  solve: number;
  payments: number;
  split: number;
  /** All of it, from bids to awards. */
  round: number;
}

function measure(market: Market): Times {
  const problem = problemOf(market);
  const paid = () => {
    const optimum = solveAssignment(problem);
    optimum.lossesWithoutNodes();
    return optimum;
  };
  return {
    weigh: medianCpuMs(
      () => market,
      () => weighEdges(market, SEED),
    ),
    solve: medianCpuMs(
      () => problem,
      () => solveAssignment(problem),
    ),
    payments: medianCpuMs(
      () => solveAssignment(problem),
      (optimum) => optimum.lossesWithoutNodes(),
    ),
    split: medianCpuMs(paid, (optimum) => optimum.lossesWithoutEdges()),
    round: medianCpuMs(
      () => market,
      () => clearRound(market, SEED),
    ),
  };
}

const nameOf = ({ tasks, nodes, slotsPerTask }: MarketSize) => `${tasks} × ${nodes}, slots ${slotsPerTask}×`;
const keyOf = (kind: AskKind, { tasks, slotsPerTask }: MarketSize) =>
  `${kind.replace(/\W(\w)/g, (_, letter: string) => letter.toUpperCase())}${tasks}Slots${String(slotsPerTask).replace(".", "p")}`;

const figures: Record<string, number> = {};
const ratios: Record<string, number> = {};
const rows: (string | number)[][] = [];

async function compareWithHighs(kind: AskKind, size: MarketSize): Promise<void> {
  const market = benchMarket(size, kind, 1);
  const { weigh, solve, payments, split, round } = measure(market);
  const all = solve + payments + split;
  const key = keyOf(kind, size);
  figures[`${key}Ms`] = all;
  ratios[`${key}PaymentsAndSplitOverSolve`] = (payments + split) / solve;
  const highs = limitSeconds > 0 ? await highsOptimum(problemOf(market), limitSeconds) : null;
  if (highs && Math.abs(highs.total / Number(solveAssignment(problemOf(market)).total) - 1) > 1e-9) {
    throw new Error(`HiGHS finds ${highs.total} on ${key}`);
  }
  if (highs) ratios[`${key}HighsOverSolve`] = highs.cpuMs / solve;
  if (highs) ratios[`${key}HighsOverAll`] = highs.cpuMs / all;
  rows.push([
    `${kind}: ${nameOf(size)}`,
    solve,
    payments,
    split,
    all,
    (payments + split) / solve,
    weigh,
    round,
    ...(highs
      ? [highs.cpuMs, highs.cpuMs / solve, highs.cpuMs / all]
      : [limitSeconds > 0 ? `> ${limitSeconds} s` : ""]),
  ]);
}

function measureGrowth(): void {
  for (const tasks of [100, 300, 1_000, 3_000, 10_000, 30_000]) {
    const size = { tasks, nodes: tasks / 10, bidsPerTask: Math.min(20, tasks / 10), slotsPerTask: 1.1 };
    const { weigh, solve, payments, split, round } = measure(benchMarket(size, "near ties", 2));
    figures[`growth${tasks}Ms`] = solve + payments + split;
    const all = solve + payments + split;
    rows.push([`growth: ${nameOf(size)}`, solve, payments, split, all, (payments + split) / solve, weigh, round]);
  }
}

/** The next round of the same nodes: its tasks are those of the round before but for a part that is new. */
function nextRound(before: Market, size: MarketSize, kind: AskKind, newPart: number): Market {
  const other = benchMarket(size, kind, 1, 77);
  const isNew = (task: number) => task < newPart * size.tasks;
  return {
    ...before,
    tasks: before.tasks.map((terms, task) => (isNew(task) ? other.tasks[task]! : terms)),
    edges: [...other.edges.filter(({ task }) => isNew(task)), ...before.edges.filter(({ task }) => !isNew(task))],
  };
}

function compareWarmWithCold(kind: AskKind): void {
  const size = sizes[2]!;
  const before = benchMarket(size, kind, 1);
  const { nodeDuals } = solveAssignment(problemOf(before));
  for (const newPart of [0, 0.1, 1]) {
    const problem = problemOf(nextRound(before, size, kind, newPart), LATER_SEED);
    const run = (start?: bigint[]) =>
      medianCpuMs(
        () => problem,
        () => solveAssignment(problem, start),
      );
    const [cold, warm] = [run(), run(nodeDuals)];
    ratios[`${keyOf(kind, size)}New${newPart * 100}WarmOverCold`] = warm / cold;
    rows.push([`${kind}: next round, ${newPart * 100} % new tasks: cold`, cold]);
    rows.push([`${kind}: next round, ${newPart * 100} % new tasks: warm`, warm]);
  }
}

for (const kind of kinds) for (const size of sizes) await compareWithHighs(kind, size);
if (kinds.includes("near ties")) measureGrowth();
for (const kind of kinds) compareWarmWithCold(kind);

printReport({
  name: "auction",
  title: "Clearing a round, in milliseconds of processor time",
  columns: [
    "tasks × nodes",
    "solve",
    "payments",
    "split",
    "all three",
    "p+s/solve",
    "weigh (τ)",
    "whole round",
    "HiGHS solve",
    "/ solve",
    "/ all three",
  ],
  rows,
  figures,
  ratios,
  notes: [
    "All three is what the engine answers for: allocation, W(N∖j) of every winner, and the margin of every award.",
    "The whole round is clearRound: weighing with its hashes, sorting, all three, and awards in bigint.",
    "25 bids a task with 500 nodes, 20 with 1,000; every node has a slot, the other slots fall on nodes at random.",
    "near ties: a node's asks are its own base, uniform to 1,000, and 0 to 49; maxima uniform from 500 to 1,500.",
    "independent: asks uniform to 1,000; maxima uniform from 1,000 to 2,000.",
    "log-normal: asks half a million times e^N(0,½) of the node times e^N(0,½) of the bid; maxima from two to three millions.",
    "growth: near ties, ten tasks a node. Next round: the same nodes with another seed, from the duals of the round before.",
    "Medians of five samples after warm-up. HiGHS (WASM) gets the same market as a linear program, built beforehand.",
  ],
});
