import { type Cost, costOf, edgeRoyalty, reservePrice } from "@stoa/core";
import {
  type Address,
  BID_REASON,
  type Hash,
  type Order,
  type PassReason,
  passAnswer,
  type SheetAnswer,
  type TaskSpec,
} from "@stoa/protocol";
import type { HostedAgent } from "../agents/hosting.ts";
import { type Durations, promisedSeconds } from "./durations.ts";

/** What a pass says where a bid names an agent version. */
/** Time kept for the award, the transfer and the result on top of the promise. */
const TRANSFER_MS = 1_000;

/** One task of a round, its order decoded. */
export interface AskedTask {
  orderHash: Hash;
  order: Order;
  spec: TaskSpec;
  inputBytes: number;
  /** False when the order's signature was seen not to be its requester's. */
  isSigned: boolean;
}

/** What the node is and knows while it answers. */
export interface Bidder {
  agents: ReadonlyMap<Hash, HostedAgent>;
  /** Of those, the ones whose endpoint gives no sign of life. */
  unreachable: ReadonlySet<Hash>;
  provider: Address;
  cost: Cost;
  durations: Durations;
  freeSlots: number;
  isDraining: boolean;
}

/** An answer, and beside it what the task would cost when the price alone stands in the way. */
export interface Answered {
  answer: SheetAnswer;
  /** Ask and royalty. */
  cost?: bigint;
}

export interface Offer {
  agent: HostedAgent;
  ask: bigint;
  /** What the ask and the creator's royalty come to. */
  total: bigint;
  expectedMs: number;
}

/** The hosted agents that do what a task asks. */
export function fittingAgents(
  spec: Pick<TaskSpec, "capability" | "agentVersion">,
  { agents }: Pick<Bidder, "agents">,
): HostedAgent[] {
  return [...agents.values()].filter(
    ({ versionId, manifest }) =>
      (spec.agentVersion === undefined || spec.agentVersion === versionId) &&
      manifest.capabilities.includes(spec.capability),
  );
}

/** What agents would ask for a task, the cheapest for its requester first; those over the royalty cap are left out. */
export function offers(
  agents: readonly HostedAgent[],
  { inputBytes, royaltyCap }: { inputBytes: number; royaltyCap: bigint },
  bidder: Pick<Bidder, "provider" | "cost" | "durations">,
): Offer[] {
  const found: Offer[] = [];
  for (const agent of agents) {
    const royalty = edgeRoyalty(BigInt(agent.manifest.royalty), agent.creator, bidder.provider);
    if (royalty > royaltyCap) continue;
    const expectedMs = bidder.durations.expectedMs(agent.versionId, agent.manifest.limits);
    // What its models cost is in the agent's hand, not the node's: less than the most would invite losses.
    const ask = costOf(bidder.cost, inputBytes, expectedMs) + (agent.mostModelCost ?? 0n);
    found.push({ agent, ask, total: ask + royalty, expectedMs });
  }
  return found.sort((a, b) =>
    a.total < b.total ? -1 : a.total > b.total ? 1 : a.agent.versionId < b.agent.versionId ? -1 : 1,
  );
}

function pass(orderHash: Hash, reason: PassReason): Answered {
  return { answer: passAnswer(orderHash, reason) };
}

/**
 * A node's true answer to one task: a bid at its cost with the cheapest fitting agent it hosts, or a pass
 * with the first reason that stands in the way. The price is looked at last: whether a node that is busy or too slow
 * passes for its price would tell its cost to whoever asks with one maximum after another.
 * @param feeBps the platform fee of the round
 * @param nowMs epoch milliseconds
 */
export function answerTask(task: AskedTask, bidder: Bidder, feeBps: number, nowMs: number): Answered {
  const { order, orderHash, spec, inputBytes } = task;
  if (bidder.isDraining) return pass(orderHash, "draining");
  if (!task.isSigned) return pass(orderHash, "order_not_covered");
  if (order.requester.toLowerCase() === bidder.provider.toLowerCase()) return pass(orderHash, "requester_refused");
  const fitting = fittingAgents(spec, bidder);
  if (fitting.length === 0) return pass(orderHash, "no_agent");
  const agents = fitting.filter(({ versionId }) => !bidder.unreachable.has(versionId));
  if (agents.length === 0) return pass(orderHash, "endpoint_down");
  const [best] = offers(agents, { inputBytes, royaltyCap: order.royaltyCap }, bidder);
  if (!best) return pass(orderHash, "price_too_low");
  const promised = promisedSeconds(best.expectedMs, best.agent.manifest.limits.timeMs);
  if (nowMs + TRANSFER_MS + promised * 1_000 > Number(order.deliverBy) * 1_000)
    return pass(orderHash, "deadline_too_short");
  if (bidder.freeSlots < 1) return pass(orderHash, "no_free_slot");
  if (best.total > reservePrice(order.maxPrice, feeBps))
    return { ...pass(orderHash, "price_too_low"), cost: best.total };
  const answer = {
    orderHash,
    agentVersion: best.agent.versionId,
    ask: best.ask.toString(),
    promisedSeconds: promised,
    reason: BID_REASON,
  };
  return { answer };
}
