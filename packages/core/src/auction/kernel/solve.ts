import type { AssignmentProblem, Optimum } from "../assignment-problem.ts";
import { bidUpPrices } from "./bid-up-prices.ts";
import { buildGraph, type Graph } from "./graph.ts";
import { priceRanges, raiseToHighestPrices, type WaysOut } from "./highest-prices.ts";
import { lossesWithoutNodes } from "./losses-without-nodes.ts";
import { marginsOfTasks } from "./margins.ts";
import { emptyMatching, type Matching, match } from "./matching.ts";
import { type Arcs, arcsIn, arcsOut } from "./residual-arcs.ts";
import { solveFromPrices } from "./solve-from-prices.ts";

/**
 * Weights up to this are exact here: whatever the kernel adds up (a distance, a worth, prices) stays under eight
 * of them, and 2^53 is the last integer before doubles skip some. Sums over many tasks are taken in bigint.
 */
export const MAX_KERNEL_WEIGHT = 2n ** 50n;

/** An optimum at its highest prices, from which all losses are read; made ready once, when the first is asked for. */
function residualOf(matching: Matching): () => { ways: WaysOut; out: Arcs } {
  let ready: { ways: WaysOut; out: Arcs } | undefined;
  return () => {
    if (ready) return ready;
    // In this order: the arcs' costs are by the raised prices.
    const ways = raiseToHighestPrices(matching);
    return (ready = { ways, out: arcsOut(matching) });
  };
}

function marginsOf(matching: Matching, out: Arcs): bigint[] {
  const ranges = priceRanges(matching);
  const widest = ranges.reduce((most, range) => Math.max(most, range), 0);
  return Array.from(marginsOfTasks(matching, ranges, out, arcsIn(matching, widest)), BigInt);
}

/** The price of a node without slots: what its bids are worth, for it competes for nothing. */
function pricesOf({ slots, edges }: AssignmentProblem, prices: Float64Array, taskDuals: readonly bigint[]): bigint[] {
  const duals = Array.from(prices, BigInt);
  for (const { task, node, weight } of edges) {
    if (slots[node] === 0 && weight - taskDuals[task]! > duals[node]!) duals[node] = weight - taskDuals[task]!;
  }
  return duals;
}

function optimumOf(problem: AssignmentProblem, matching: Matching): Optimum {
  const { graph, edgeOf, prices } = matching;
  const residual = residualOf(matching);
  const assigned = Array.from(edgeOf, (edge) => (edge < 0 ? -1 : graph.origin[edge]!));
  const taskDuals = Array.from(edgeOf, (edge) =>
    edge < 0 ? 0n : BigInt(graph.weight[edge]! - prices[graph.nodeOf[edge]!]!),
  );
  return {
    assigned,
    total: assigned.reduce((sum, edge) => (edge < 0 ? sum : sum + problem.edges[edge]!.weight), 0n),
    taskDuals,
    nodeDuals: pricesOf(problem, prices, taskDuals),
    lossesWithoutNodes: () => {
      const { ways, out } = residual();
      return lossesWithoutNodes(matching, ways, out);
    },
    lossesWithoutEdges: () => marginsOf(matching, residual().out),
  };
}

/** Prices somebody gives, as good as any other: never negative, never over what can be exact. */
function givenPrices({ nodeCount }: Graph, given: readonly bigint[]): Float64Array {
  const prices = new Float64Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const price = given[node] ?? 0n;
    prices[node] = price <= 0n ? 0 : Number(price < MAX_KERNEL_WEIGHT ? price : MAX_KERNEL_WEIGHT);
  }
  return prices;
}

/** Solves a problem whose weights are at most {@link MAX_KERNEL_WEIGHT}. */
export function solveInKernel(problem: AssignmentProblem, prices?: readonly bigint[]): Optimum {
  const graph = buildGraph(problem);
  return optimumOf(problem, solveFromPrices(graph, prices ? givenPrices(graph, prices) : bidUpPrices(graph)));
}

/** Takes up an optimum that somebody else found and that was checked, to take losses from it. */
export function takeUpInKernel(
  problem: AssignmentProblem,
  assigned: readonly number[],
  nodeDuals: readonly bigint[],
): Optimum {
  const graph = buildGraph(problem);
  const matching = emptyMatching(graph, givenPrices(graph, nodeDuals));
  graph.origin.forEach((index, edge) => {
    if (assigned[graph.taskOf[edge]!] === index) match(matching, graph.taskOf[edge]!, edge);
  });
  return optimumOf(problem, matching);
}
