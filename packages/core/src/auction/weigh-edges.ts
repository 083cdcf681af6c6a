import { type Hash, limits, MAX_AMOUNT, StoaError } from "@stoa/protocol";
import { hexToBytes } from "viem";
import { type Bar, type BarReason, type Edge, type Market, type TaskTerms, WEIGHT_SCALE } from "./model.ts";
import { reservePrice } from "./reserve-price.ts";
import { tieBreaksOf } from "./tie-break.ts";

/** A bid that takes part, with its scaled weight w = (r + q − c)·2¹⁶ − τ ≥ 0. */
export interface WeighedEdge extends Edge {
  weight: bigint;
}

function requireBounds(market: Market): void {
  const refuse = (what: string) => {
    throw new StoaError("invalid_request", `the market cannot be cleared: ${what}`);
  };
  const checkAmount = (value: bigint, what: string) => {
    if (value < 0n || value > MAX_AMOUNT) refuse(`${what} is ${value}, expected 0 to ${MAX_AMOUNT}`);
  };
  if (!Number.isInteger(market.feeBps) || market.feeBps < 0 || market.feeBps > limits.maxFeeBps) {
    refuse(`the fee is ${market.feeBps} basis points, expected 0 to ${limits.maxFeeBps}`);
  }
  for (const task of market.tasks) {
    checkAmount(task.maxPrice, `the maximum price of task ${task.taskId}`);
    checkAmount(task.royaltyCap, `the royalty cap of task ${task.taskId}`);
  }
  for (const { node, slots } of market.nodes) {
    if (!Number.isInteger(slots) || slots < 0) refuse(`node ${node} offers ${slots} slots`);
  }
  const pairs = new Set<number>();
  for (const edge of market.edges) {
    const task = market.tasks[edge.task]?.taskId;
    const node = market.nodes[edge.node]?.node;
    if (!task || !node) refuse(`a bid names task ${edge.task} and node ${edge.node}, which are not in the market`);
    // An ask or royalty may be as high as it likes: above the reserve price it does not count.
    if (edge.ask < 0n || edge.royalty < 0n)
      refuse(`the cost of ${node} for ${task} is ${edge.ask} and ${edge.royalty}`);
    if (edge.quality > 0n) refuse(`the quality term of ${node} for ${task} is ${edge.quality}`);
    const pair = edge.task * market.nodes.length + edge.node;
    if (pairs.has(pair)) refuse(`node ${node} bids twice for ${task}`);
    pairs.add(pair);
  }
}

/** What of a task all its bids are weighed by. */
interface Scale {
  requester: string;
  reserve: bigint;
  tieBreak: (node: Uint8Array) => number;
}

function scaleOf(task: TaskTerms, feeBps: number, seed: Hash): Scale {
  return {
    requester: task.requester.toLowerCase(),
    reserve: reservePrice(task.maxPrice, feeBps),
    tieBreak: tieBreaksOf(seed, task.taskId),
  };
}

function barOf(task: TaskTerms, edge: Edge, isSameOwner: boolean): BarReason | null {
  if (isSameOwner) return "same_owner";
  if (task.agentVersion !== null && task.agentVersion !== edge.agentVersion) return "wrong_version";
  if (edge.royalty > task.royaltyCap) return "royalty_over_cap";
  return null;
}

/**
 * Weighs every bid of a market and sets aside those that may not take part: same owner, another version
 * than the one asked for, a royalty over the order's cap, or a cost above what the task is worth.
 * @throws {StoaError} `invalid_request` for amounts out of bounds or two bids of one node for one task
 */
export function weighEdges(market: Market, seed: Hash): { edges: WeighedEdge[]; barred: Bar[] } {
  requireBounds(market);
  const scales = market.tasks.map((task) => scaleOf(task, market.feeBps, seed));
  const nodes = market.nodes.map(({ node, provider }) => ({
    provider: provider.toLowerCase(),
    bytes: hexToBytes(node),
  }));
  const edges: WeighedEdge[] = [];
  const barred: Bar[] = [];
  for (const edge of market.edges) {
    const { requester, reserve, tieBreak } = scales[edge.task]!;
    const { provider, bytes } = nodes[edge.node]!;
    const surplus = reserve + edge.quality - edge.ask - edge.royalty;
    // A surplus under zero stays under it whatever the tie-break is.
    const weight = surplus < 0n ? surplus : surplus * WEIGHT_SCALE - BigInt(tieBreak(bytes));
    const bar = barOf(market.tasks[edge.task]!, edge, requester === provider);
    const reason = bar ?? (weight < 0n ? "below_cost" : null);
    if (reason) barred.push({ task: edge.task, node: edge.node, reason });
    else edges.push({ ...edge, weight });
  }
  return { edges, barred };
}
