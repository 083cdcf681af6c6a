import type { Hash } from "@stoa/protocol";
import type { Assignment } from "./assignment.ts";
import { lossesWithoutEdges } from "./losses-without-edges.ts";
import { lossWithoutNode } from "./loss-without-node.ts";
import { optimalAssignment, totalWeight } from "./max-weight-assignment.ts";
import { type AwardTerms, type Clearing, type Market, WEIGHT_SCALE } from "./model.ts";
import { platformFee } from "./platform-fee.ts";
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

/** Pays one winning node: P = W(N) − W(N∖j), split over its tasks in canonical order. */
function payNode(market: Market, edges: readonly WeighedEdge[], assignment: Assignment, place: number) {
  const loss = lossWithoutNode(assignment, place);
  const margins = lossesWithoutEdges(assignment, place);
  const won = [...assignment.tasksOf[place]!]
    .sort((a, b) => a - b)
    .map((task) => ({
      edge: edges[assignment.edgeOf[task]!]!,
      margin: margins.get(task)!,
    }));
  const winnings = won.map(({ edge, margin }) => ({ weight: edge.weight, margin }));
  const shares = splitPayment(loss, winnings);
  return { loss, awards: won.map(({ edge, margin }, index) => awardTerms(market, edge, margin, shares[index]!)) };
}

/**
 * Clears a round by the market's law (docs/auction.md): the allocation of the greatest total weight,
 * each winner paid W(N) − W(N∖j), exactly, in integers. Pure: the same market and seed give the same
 * outcome whatever order tasks, nodes and bids are listed in.
 * @throws {StoaError} `invalid_request` for amounts out of bounds or two bids of one node for one task
 */
export function clearRound(market: Market, seed: Hash): Clearing {
  const { edges, barred } = weighEdges(market, seed);
  const tasks = canonicalOrder(market.tasks.map((task) => task.taskId));
  const nodes = canonicalOrder(market.nodes.map((node) => node.node));
  edges.sort(
    (a, b) => tasks.placeOf[a.task]! - tasks.placeOf[b.task]! || nodes.placeOf[a.node]! - nodes.placeOf[b.node]!,
  );
  const assignment = optimalAssignment({
    taskCount: market.tasks.length,
    slots: nodes.indexAt.map((index) => market.nodes[index]!.slots),
    edges: edges.map(({ task, node, weight }) => ({ task: tasks.placeOf[task]!, node: nodes.placeOf[node]!, weight })),
  });
  const total = totalWeight(assignment);
  const awardOf = new Map<string, AwardTerms>();
  const withoutNode: Clearing["withoutNode"] = [];
  market.nodes.forEach(({ node }, index) => {
    const place = nodes.placeOf[index]!;
    if (assignment.tasksOf[place]!.size === 0) return;
    const { loss, awards } = payNode(market, edges, assignment, place);
    withoutNode.push({ node, total: total - loss });
    for (const award of awards) awardOf.set(award.taskId, award);
  });
  return {
    awards: market.tasks.flatMap(({ taskId }) => awardOf.get(taskId) ?? []),
    total,
    withoutNode,
    taskDuals: market.tasks.map((_, index) => assignment.taskDuals[tasks.placeOf[index]!]!),
    nodeDuals: market.nodes.map((_, index) => assignment.nodeDuals[nodes.placeOf[index]!]!),
    unserved: market.tasks.flatMap(({ taskId }) => (awardOf.has(taskId) ? [] : [taskId])),
    barred,
  };
}
