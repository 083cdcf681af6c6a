import { edgeRoyalty, reservePrice } from "@stoa/core";
import {
  type Address,
  BID_REASON,
  type Hash,
  type Order,
  type PassReason,
  passReasons,
  type SheetAnswer,
  type TaskSpec,
} from "@stoa/protocol";
import type { HostedAgent } from "../agents/hosting.ts";
import { type Cost, costOf } from "./cost.ts";
import { type Durations, promisedSeconds } from "./durations.ts";

/** What a pass says where a bid names an agent version. */
const NO_VERSION: Hash = `0x${"00".repeat(32)}`;
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
  provider: Address;
  cost: Cost;
  durations: Durations;
  freeSlots: number;
  isDraining: boolean;
}

interface Offer {
  agent: HostedAgent;
  ask: bigint;
  /** What the ask and the creator's royalty come to. */
  total: bigint;
  expectedMs: number;
}

/** The hosted agents that do what the task asks. */
function fittingAgents({ spec }: AskedTask, { agents }: Bidder): HostedAgent[] {
  return [...agents.values()].filter(
    ({ versionId, manifest }) =>
      (spec.agentVersion === undefined || spec.agentVersion === versionId) &&
      manifest.capabilities.includes(spec.capability),
  );
}

function offers(agents: readonly HostedAgent[], { order, inputBytes }: AskedTask, bidder: Bidder): Offer[] {
  const found: Offer[] = [];
  for (const agent of agents) {
    const royalty = edgeRoyalty(BigInt(agent.manifest.royalty), agent.creator, bidder.provider);
    if (royalty > order.royaltyCap) continue;
    const expectedMs = bidder.durations.expectedMs(agent.versionId, agent.manifest.limits);
    const ask = costOf(bidder.cost, inputBytes, expectedMs);
    found.push({ agent, ask, total: ask + royalty, expectedMs });
  }
  return found.sort((a, b) =>
    a.total < b.total ? -1 : a.total > b.total ? 1 : a.agent.versionId < b.agent.versionId ? -1 : 1,
  );
}

function pass(orderHash: Hash, reason: PassReason): SheetAnswer {
  return { orderHash, agentVersion: NO_VERSION, ask: "0", promisedSeconds: 0, reason: passReasons[reason].code };
}

/**
 * A node's true answer to one task: a bid at its cost with the cheapest fitting agent it hosts, or a pass
 * with the first reason that stands in the way.
 * @param feeBps the platform fee of the round
 * @param nowMs epoch milliseconds
 */
export function answerTask(task: AskedTask, bidder: Bidder, feeBps: number, nowMs: number): SheetAnswer {
  const { order, orderHash } = task;
  if (bidder.isDraining) return pass(orderHash, "draining");
  if (!task.isSigned) return pass(orderHash, "order_not_covered");
  if (order.requester.toLowerCase() === bidder.provider.toLowerCase()) return pass(orderHash, "requester_refused");
  const agents = fittingAgents(task, bidder);
  if (agents.length === 0) return pass(orderHash, "no_agent");
  const [best] = offers(agents, task, bidder);
  if (!best) return pass(orderHash, "price_too_low");
  const promised = promisedSeconds(best.expectedMs, best.agent.manifest.limits.timeMs);
  if (nowMs + TRANSFER_MS + promised * 1_000 > Number(order.deliverBy) * 1_000)
    return pass(orderHash, "deadline_too_short");
  if (best.total > reservePrice(order.maxPrice, feeBps)) return pass(orderHash, "price_too_low");
  if (bidder.freeSlots < 1) return pass(orderHash, "no_free_slot");
  return {
    orderHash,
    agentVersion: best.agent.versionId,
    ask: best.ask.toString(),
    promisedSeconds: promised,
    reason: BID_REASON,
  };
}
