import type { Hash } from "@stoa/protocol";
import { type AwardTerms, type Clearing, type Market, WEIGHT_SCALE } from "./model.ts";
import { platformFee } from "./platform-fee.ts";
import { solveAssignment } from "./solve-assignment.ts";
import { splitPayment } from "./split-payment.ts";
import { type WeighedEdge, weighEdges } from "./weigh-edges.ts";

interface Order {
  /** Places in the canonical order, by index of the market. */
  placeOf: number[];
  /** Indices of the market, by place. */
  indexAt: number[];
}

/** Sorts by id: whoever lists the same market in another order gets the same outcome. */
function canonicalOrder(ids: readonly string[]): Order {
  const keys = ids.map((id) => id.toLowerCase());
  const indexAt = keys
    .map((_, index) => index)
    .sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0));
  const placeOf = new Array<number>(ids.length);
  indexAt.forEach((index, place) => (placeOf[index] = place));
  return { placeOf, indexAt };
}

/** Sorts by places in linear time; equal ones keep their order. */
function sortByPlace<T>(items: readonly T[], placeOf: (item: T) => number, places: number): T[] {
  const next = new Int32Array(places + 1);
  for (const item of items) next[placeOf(item) + 1]!++;
  for (let place = 1; place <= places; place++) next[place]! += next[place - 1]!;
  const sorted = new Array<T>(items.length);
  for (const item of items) sorted[next[placeOf(item)]!++] = item;
  return sorted;
}

/**
 * The terms of an award: the price is the node's cost and its share, rounded down to a whole unit.
 * @param share s, scaled
 */
export function awardTerms(market: Market, edge: WeighedEdge, margin: bigint, share: bigint): AwardTerms {
  const price = edge.ask + edge.royalty + share / WEIGHT_SCALE;
  const fee = platformFee(price, market.feeBps);
  return {
    taskId: market.tasks[edge.task]!.taskId,
    node: market.nodes[edge.node]!.node,
    agentVersion: edge.agentVersion,
    ask: edge.ask,
    royalty: edge.royalty,
    weight: edge.weight,
    margin,
    share,
    price,
    payment: price - edge.royalty,
    fee,
    charge: price + fee,
  };
}

/** Splits what a winning node is paid, P, over its tasks, in canonical order. */
function splitOverTasks(market: Market, won: readonly WeighedEdge[], margins: readonly bigint[], payment: bigint) {
  const winnings = won.map(({ weight }, index) => ({ weight, margin: margins[index]! }));
  const shares = splitPayment(payment, winnings);
  return won.map((edge, index) => awardTerms(market, edge, margins[index]!, shares[index]!));
}

/**
 * Clears a round by the market's law (docs/auction.md): the allocation of the greatest total weight,
 * each winner paid W(N) − W(N∖j), exactly, in integers. Pure: the same market and seed give the same
 * outcome whatever order tasks, nodes and bids are listed in.
 * @throws {StoaError} `invalid_request` for amounts out of bounds or two bids of one node for one task
 */
export function clearRound(market: Market, seed: Hash): Clearing {
  const { edges: weighed, barred } = weighEdges(market, seed);
  const tasks = canonicalOrder(market.tasks.map((task) => task.taskId));
  const nodes = canonicalOrder(market.nodes.map((node) => node.node));
  const byNode = sortByPlace(weighed, ({ node }) => nodes.placeOf[node]!, market.nodes.length);
  const edges = sortByPlace(byNode, ({ task }) => tasks.placeOf[task]!, market.tasks.length);
  const optimum = solveAssignment({
    taskCount: market.tasks.length,
    slots: nodes.indexAt.map((index) => market.nodes[index]!.slots),
    edges: edges.map(({ task, node, weight }) => ({ task: tasks.placeOf[task]!, node: nodes.placeOf[node]!, weight })),
  });
  const { total, assigned, taskDuals, nodeDuals } = optimum;
  const lossWithoutNode = optimum.lossesWithoutNodes();
  const lossWithoutEdge = optimum.lossesWithoutEdges();
  const wonBy = market.nodes.map((): { edges: WeighedEdge[]; margins: bigint[] } => ({ edges: [], margins: [] }));
  assigned.forEach((at, place) => {
    if (at < 0) return;
    const won = wonBy[edges[at]!.node]!;
    won.edges.push(edges[at]!);
    won.margins.push(lossWithoutEdge[place]!);
  });
  const awardOf = new Map<string, AwardTerms>();
  const withoutNode: Clearing["withoutNode"] = [];
  market.nodes.forEach(({ node }, index) => {
    const won = wonBy[index]!;
    if (won.edges.length === 0) return;
    const loss = lossWithoutNode[nodes.placeOf[index]!]!;
    withoutNode.push({ node, total: total - loss });
    for (const award of splitOverTasks(market, won.edges, won.margins, loss)) awardOf.set(award.taskId, award);
  });
  return {
    awards: market.tasks.flatMap(({ taskId }) => awardOf.get(taskId) ?? []),
    total,
    withoutNode,
    taskDuals: market.tasks.map((_, index) => taskDuals[tasks.placeOf[index]!]!),
    nodeDuals: market.nodes.map((_, index) => nodeDuals[nodes.placeOf[index]!]!),
    unserved: market.tasks.flatMap(({ taskId }) => (awardOf.has(taskId) ? [] : [taskId])),
    barred,
  };
}
