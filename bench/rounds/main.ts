// From a task's submission to its award: in an idle market, under load, and beside a busy neighbour.
//
// Nodes really sign, over the real stream; they run in a process of their own on the same host.
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { printReport } from "../report.ts";
import { openRoundsMarket, type RoundsMarket } from "./rounds-market.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    tasks: { type: "string", default: "60" },
    nodes: { type: "string", default: "3,50,500" },
    rates: { type: "string", default: "10,100,1000" },
    seconds: { type: "string", default: "4" },
  },
});
/** Rounds end by their answers: what is measured is never the window. */
const WINDOW_MS = 30_000;
const LOADED_NODES = 5;
const WARM = 3;
const FEWEST = 10;
const tasks = Number(values.tasks);

interface Spread {
  p50: number;
  p95: number;
  p99: number;
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

async function oneByOne(market: RoundsMarket, count: number, capability?: string): Promise<number[]> {
  const times: number[] = [];
  for (const order of await market.orders(count, capability)) times.push(await market.award(order));
  return times;
}

async function trips(market: RoundsMarket, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) times.push(await market.roundTrip());
  return times;
}

/** Submits at a steady rate, whatever the market does. */
async function load(
  market: RoundsMarket,
  perSecond: number,
): Promise<{ times: number[]; perRound: number; cpuMs: number }> {
  const orders = await market.orders(perSecond * Number(values.seconds));
  market.takeRounds();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const awards: Promise<number>[] = [];
  for (const [index, order] of orders.entries()) {
    const due = startedAt + (index * 1_000) / perSecond;
    if (due > performance.now()) await sleep(due - performance.now());
    awards.push(market.award(order));
  }
  const times = await Promise.all(awards);
  const { user, system } = process.cpuUsage(cpu);
  const rounds = market.takeRounds();
  return { times, perRound: orders.length / rounds.length, cpuMs: (user + system) / 1_000 / orders.length };
}

const rows: (string | number)[][] = [];
const figures: Record<string, number> = {};
const ratios: Record<string, number> = {};

function note(row: string, figure: string, times: readonly number[], ...rest: (string | number)[]): Spread {
  const spread = spreadOf(times);
  rows.push([row, spread.p50, spread.p95, spread.p99, ...rest]);
  figures[`${figure}P50Ms`] = spread.p50;
  figures[`${figure}P99Ms`] = spread.p99;
  return spread;
}

{
  await using market = await openRoundsMarket(WINDOW_MS);
  for (const wanted of values.nodes.split(",").map(Number)) {
    await market.addNodes(wanted - market.nodes());
    await oneByOne(market, WARM);
    // A round of many nodes takes this one host long, and there is less to learn from each.
    const count = Math.max(FEWEST, Math.min(tasks, Math.round((tasks * 50) / wanted)));
    const network = note(
      `message to ${wanted} nodes and all answers back`,
      `trip${wanted}`,
      await trips(market, count),
      "",
      "",
    );
    const cpu = process.cpuUsage();
    const times = await oneByOne(market, count);
    const { user, system } = process.cpuUsage(cpu);
    const cpuMs = (user + system) / 1_000 / count;
    const award = note(`idle, ${wanted} nodes: submit to award`, `idle${wanted}`, times, 1, cpuMs);
    ratios[`idle${wanted}ToTrip`] = award.p50 / network.p50;
  }
}
{
  await using market = await openRoundsMarket(WINDOW_MS);
  await market.addNodes(LOADED_NODES);
  await oneByOne(market, 20);
  for (const perSecond of values.rates.split(",").map(Number)) {
    const { times, perRound, cpuMs } = await load(market, perSecond);
    note(`${perSecond} tasks a second, ${LOADED_NODES} nodes`, `load${perSecond}`, times, perRound, cpuMs);
    figures[`load${perSecond}TasksPerRound`] = perRound;
  }
}
{
  await using market = await openRoundsMarket(WINDOW_MS);
  const neighbour = `${market.capability}.other`;
  await market.addNodes(LOADED_NODES);
  await market.addNodes(LOADED_NODES, await market.publish(neighbour));
  await oneByOne(market, 20, neighbour);
  const alone = note("a segment by itself", "alone", await oneByOne(market, tasks, neighbour), 1, "");
  const busy = load(market, 50);
  const beside = note("beside one with 50 tasks a second", "beside", await oneByOne(market, tasks, neighbour), 1, "");
  await busy;
  ratios["besideToAlone"] = beside.p50 / alone.p50;
}

printReport({
  name: "rounds",
  title: "From a task's submission to its award, milliseconds",
  columns: ["what", "p50", "p95", "p99", "tasks a round", "market's CPU a task"],
  rows,
  figures,
  ratios,
  notes: [
    `${tasks} tasks one by one, fewer with over 50 nodes; loads of ${values.seconds} s; a window of ${WINDOW_MS / 1_000} s that no round waits for; PostgreSQL with its default durability.`,
    "All nodes share one process on this host: with 500 of them, reading the opening and signing is most of the time.",
  ],
});
