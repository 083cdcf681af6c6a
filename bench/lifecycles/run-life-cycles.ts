import { hashJson, signTyped, type TaskId } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { createMarketFixture, type FixtureNode, ledgerProblems, type MarketFixture } from "@stoa/testkit";
import { gateDatabase, type GatedDatabase } from "./gated-database.ts";

const BIDDERS = 5;
/** The requesters and bidders together, far more than any task can cost. */
const FUNDS = 10n ** 12n;

export interface LifeCyclePlan {
  database: Database;
  tasks: number;
  /** Capabilities the tasks are spread over: each has rounds of its own. */
  segments: number;
  maxBatch?: number;
}

export interface LifeCycleTimes {
  /** Checking signatures, schemas and terms, and the reads that takes; rounds' clearing with them. */
  checksMs: number;
  /** The lane's transactions. */
  laneMs: number;
}

interface Segment {
  market: MarketFixture;
  nodes: FixtureNode[];
}

type Call = () => Promise<unknown>;

/**
 * Takes tasks through their whole life, all of them one step at a time, with everything that others sign signed
 * beforehand, and times the market's own work: first the checks of every call, then the transactions of all.
 * @throws {Error} when a task is not settled or the ledger is wrong in the end
 */
export async function runLifeCycles(plan: LifeCyclePlan): Promise<LifeCycleTimes> {
  const gated = gateDatabase(plan.database);
  const times: LifeCycleTimes = { checksMs: 0, laneMs: 0 };
  const segments = await Promise.all(Array.from({ length: plan.segments }, () => openSegment(gated, plan)));
  const step = (calls: readonly Call[]) => timeStep(gated, times, calls);
  const perSegment = Math.ceil(plan.tasks / plan.segments);

  const orders = await collect(segments, async ({ market }) => {
    const requester = await market.requester(FUNDS);
    return Array.from({ length: perSegment }, () => ({ market, requester }));
  });
  const requests = await inTurn(orders, async ({ market, requester }) => ({ market, requester, request: await market.order(requester) }));
  const opened = await step(requests.map(({ market, request }) => () => market.market.submitTask(request)));
  const tasks = requests.map((request, at) => ({ ...request, taskId: (opened[at] as { taskId: TaskId }).taskId }));

  const awards = await clear(segments, step);
  const held = tasks.map((task) => ({ ...task, ...awards.get(task.taskId)! }));
  const starts = await inTurn(held, async ({ market, award, node, taskId }) => ({
    taskId,
    node: node.key.address,
    awardHash: award.hash,
    executionId: "e0e0e0e0",
    nodeSignature: await signTyped(node.key, market.terms.domain, "Award", award.terms),
  }));
  await step(held.map(({ market }, at) => () => market.market.startTask(starts[at]!)));

  const resultHash = hashJson({ text: "done" });
  const deliveries = await inTurn(held, async ({ market, award, node, taskId }) => {
    const receipt = { awardHash: award.hash, resultHash };
    const signature = await signTyped(node.key, market.terms.domain, "Receipt", receipt);
    return { taskId, node: node.key.address, receipt, signature, outputHash: resultHash, stats: { wallMs: 5, logBytes: 0 } };
  });
  await step(held.map(({ market }, at) => () => market.market.deliverResult(deliveries[at]!)));

  const acceptances = await inTurn(held, async ({ market, award, requester, taskId }) => {
    const acceptance = { orderHash: taskId, resultHash, price: award.terms.price };
    return { taskId, signature: await signTyped(requester, market.terms.domain, "Acceptance", acceptance) };
  });
  await step(held.map(({ market }, at) => () => market.market.acceptTask(acceptances[at]!)));
  await checkOutcome(plan.database, tasks.length);
  return times;
}

async function openSegment(gated: GatedDatabase, { maxBatch, tasks, segments }: LifeCyclePlan): Promise<Segment> {
  const market = await createMarketFixture({ database: gated.database, ...(maxBatch === undefined ? {} : { maxBatch }) });
  const slots = Math.ceil(tasks / segments / BIDDERS);
  const nodes = await Promise.all(Array.from({ length: BIDDERS }, () => market.node({ slots, stake: FUNDS })));
  return { market, nodes };
}

/** One round per segment: opened, bid on by every node for every task, closed. */
async function clear(segments: readonly Segment[], step: (calls: readonly Call[]) => Promise<unknown[]>) {
  const rounds = (await step(segments.map(({ market, nodes }) => () => market.openRound(nodes)))) as Awaited<ReturnType<MarketFixture["openRound"]>>[];
  const sheets = await collect(segments, ({ market, nodes }, at) =>
    inTurn(nodes, async (node, bidder) => ({ market, sheet: await market.sheet(rounds[at]!, node, 5_000n + BigInt(bidder)) })),
  );
  await step(sheets.map(({ market, sheet }) => () => market.market.placeSheet(sheet)));
  await step(segments.map(({ market }, at) => () => market.market.closeRound(rounds[at]!.roundId, "all_answered")));
  const awards = await collect(segments, async ({ market, nodes }, at) => {
    const rows = await market.awards(rounds[at]!.roundId);
    return rows.map((award) => ({ award, node: nodes.find(({ key }) => key.address === award.node)! }));
  });
  return new Map(
    awards.map(({ award, node }) => {
      const { price, royalty } = award;
      return [award.taskId, { node, award: { ...award, terms: { ...award.terms, price, royalty } } }] as const;
    }),
  );
}

/** Lets all calls run up to the lane, then lets the lane run. */
async function timeStep(gated: GatedDatabase, times: LifeCycleTimes, calls: readonly Call[]): Promise<unknown[]> {
  gated.close();
  const started = performance.now();
  const running = Promise.all(calls.map((call) => call()));
  // The outcome is awaited below; until then a refusal must not count as unhandled.
  running.catch(() => {});
  await gated.quiet();
  const queued = performance.now();
  gated.open();
  const results = await running;
  times.checksMs += queued - started;
  times.laneMs += performance.now() - queued;
  return results;
}

async function checkOutcome(database: Database, tasks: number): Promise<void> {
  const [row] = await database.query<{ settled: bigint }>("select count(*) as settled from tasks where state = 'settled'");
  if (row!.settled < BigInt(tasks)) throw new Error(`${row!.settled} of ${tasks} tasks are settled`);
  const problems = await ledgerProblems(database);
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

async function collect<Item, Result>(items: readonly Item[], work: (item: Item, at: number) => Promise<Result[]>): Promise<Result[]> {
  return (await Promise.all(items.map(work))).flat();
}

async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item, at: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const [at, item] of items.entries()) results.push(await work(item, at));
  return results;
}
