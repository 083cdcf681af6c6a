import type { OpenedRound } from "@stoa/market";
import { hashJson, signTyped } from "@stoa/protocol";
import type { AwardRecord, Database } from "@stoa/store";
import { createMarketFixture, type FixtureNode, ledgerProblems, type MarketFixture } from "@stoa/testkit";
import { gateDatabase, type GatedDatabase } from "./gated-database.ts";
import { addCosts, type Costs, type Meter, NO_COSTS } from "./meter.ts";

const BIDDERS = 5;
/** The requesters and bidders together, far more than any task can cost. */
const FUNDS = 10n ** 12n;

export interface LifeCyclePlan {
  database: Database;
  tasks: number;
  meter: Meter;
  /** Operations one transaction takes at most. */
  maxBatch?: number;
  /** How many call at a time, each again when it is answered; all at once by default, and then timed in two parts. */
  callers?: number;
  /** Whether to check every law of the ledger in the end, over all rows there are; done by default. */
  checkLedger?: boolean;
}

export interface LifeCycleCosts {
  /** Checking signatures, schemas and terms, and the reads that takes; rounds' clearing with them. */
  checks: Costs;
  /** The lane's transactions; with callers, the whole of their calls. */
  lane: Costs;
  /** How long each call of a caller took, milliseconds. */
  latencies: number[];
}

type Call = () => Promise<unknown>;
type Step = (calls: readonly Call[]) => Promise<unknown[]>;

/**
 * Takes tasks through their whole life, all of them one step at a time, with everything that others sign signed
 * beforehand, and measures the market's own work: first the checks of every call, then the transactions of all.
 * @throws {Error} when a task is not settled or the ledger is wrong in the end
 */
export async function runLifeCycles(plan: LifeCyclePlan): Promise<LifeCycleCosts> {
  const { database, tasks, maxBatch, callers } = plan;
  const gated = gateDatabase(database);
  const costs: LifeCycleCosts = { checks: NO_COSTS, lane: NO_COSTS, latencies: [] };
  const step: Step = (calls) =>
    callers === undefined
      ? stepTogether(gated, plan.meter, costs, calls)
      : stepInTurn(plan.meter, costs, calls, callers);
  const market = await createMarketFixture({
    database: gated.database,
    ...(maxBatch === undefined ? {} : { maxBatch }),
  });
  const nodes = await inTurn(Array.from({ length: BIDDERS }), () =>
    market.node({ slots: Math.ceil(tasks / BIDDERS), stake: FUNDS }),
  );
  const requester = await market.requester(FUNDS);

  const requests = await inTurn(Array.from({ length: tasks }), () => market.order(requester));
  await step(requests.map((request) => () => market.market.submitTask(request)));

  const held = await clear(market, nodes, step);
  if (held.length !== tasks) throw new Error(`${held.length} of ${tasks} tasks were awarded`);
  const starts = await inTurn(held, async ({ award, node }) => ({
    taskId: award.taskId,
    node: node.key.address,
    awardHash: award.hash,
    executionId: "e0e0e0e0",
    nodeSignature: await signTyped(node.key, market.terms.domain, "Award", {
      ...award.terms,
      price: award.price,
      royalty: award.royalty,
    }),
  }));
  await step(starts.map((start) => () => market.market.startTask(start)));

  const resultHash = hashJson({ text: "done" });
  const deliveries = await inTurn(held, async ({ award, node }) => {
    const receipt = { awardHash: award.hash, resultHash };
    const signature = await signTyped(node.key, market.terms.domain, "Receipt", receipt);
    return {
      taskId: award.taskId,
      node: node.key.address,
      receipt,
      signature,
      outputHash: resultHash,
      stats: { wallMs: 5, logBytes: 0 },
    };
  });
  await step(deliveries.map((delivery) => () => market.market.deliverResult(delivery)));

  const acceptances = await inTurn(held, async ({ award }) => {
    const acceptance = { orderHash: award.taskId, resultHash, price: award.price };
    return {
      taskId: award.taskId,
      signature: await signTyped(requester, market.terms.domain, "Acceptance", acceptance),
    };
  });
  await step(acceptances.map((acceptance) => () => market.market.acceptTask(acceptance)));
  await checkSettled(database, tasks, requester.address);
  if (plan.checkLedger ?? true) await checkLedger(database);
  return costs;
}

/** Rounds one after another, each bid on by every node for every task, until no task waits. */
async function clear(
  market: MarketFixture,
  nodes: readonly FixtureNode[],
  step: Step,
): Promise<{ award: AwardRecord; node: FixtureNode }[]> {
  const held: { award: AwardRecord; node: FixtureNode }[] = [];
  const asked = nodes.map(({ key }) => ({ node: key.address, waitedFor: true }));
  for (;;) {
    const [round] = (await step([() => market.market.openRound({ capability: market.capability, asked })])) as [
      OpenedRound | null,
    ];
    if (!round) return held;
    const sheets = await inTurn(nodes, (node, bidder) => market.sheet(round, node, 5_000n + BigInt(bidder)));
    await step(sheets.map((sheet) => () => market.market.placeSheet(sheet)));
    await step([() => market.market.closeRound(round.roundId, "all_answered")]);
    for (const award of await market.awards(round.roundId)) {
      held.push({ award, node: nodes.find(({ key }) => key.address === award.node)! });
    }
    // The next round must not open in the instant this one closed.
    market.advance(1);
  }
}

/** Lets all calls run up to the lane, then lets the lane run. */
async function stepTogether(
  gated: GatedDatabase,
  meter: Meter,
  costs: LifeCycleCosts,
  calls: readonly Call[],
): Promise<unknown[]> {
  gated.close();
  const checked = await meter.measure(async () => {
    const running = Promise.all(calls.map((call) => call()));
    // The outcome is awaited below; until then a refusal must not count as unhandled.
    running.catch(() => {});
    await gated.quiet();
    return { running };
  });
  const written = await meter.measure(() => {
    gated.open();
    return checked.result.running;
  });
  costs.checks = addCosts(costs.checks, checked.costs);
  costs.lane = addCosts(costs.lane, written.costs);
  return written.result;
}

/** Some callers share the calls, each with one on its way at a time. */
async function stepInTurn(
  meter: Meter,
  costs: LifeCycleCosts,
  calls: readonly Call[],
  callers: number,
): Promise<unknown[]> {
  const results: unknown[] = [];
  const waiting = calls.entries();
  const work = async () => {
    for (const [at, call] of waiting) {
      const startedAt = performance.now();
      results[at] = await call();
      costs.latencies.push(performance.now() - startedAt);
    }
  };
  const written = await meter.measure(() => Promise.all(Array.from({ length: callers }, work)));
  costs.lane = addCosts(costs.lane, written.costs);
  return results;
}

async function checkSettled(database: Database, tasks: number, requester: string): Promise<void> {
  const [row] = await database.query<{ settled: bigint }>(
    "select count(*) as settled from tasks where state = 'settled' and requester = $1",
    [requester],
  );
  if (row!.settled < BigInt(tasks)) throw new Error(`${row!.settled} of ${tasks} tasks are settled`);
}

async function checkLedger(database: Database): Promise<void> {
  const problems = await ledgerProblems(database);
  if (problems.length > 0) throw new Error(problems.slice(0, 9).join("\n"));
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [at, item] of items.entries()) results.push(await work(item, at));
  return results;
}
