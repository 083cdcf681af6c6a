import {
  BID_REASON,
  type MarketMessages,
  MAX_AMOUNT,
  type NodeMessages,
  type PassReason,
  passReasons,
} from "@stoa/protocol";
import type { Running } from "../executions/executions.ts";
import { type Bidder, fittingAgents, offers } from "./answer-task.ts";
import { type Durations, promisedSeconds } from "./durations.ts";

/** Slots kept for an open round come free, or go to work, within about this time. */
const ROUND_MS = 1_000;
/** The longest wait the message can carry. */
const MAX_WAIT_MS = 86_400_000;

/** What a node knows of its load while it answers. */
export interface QuotingNode extends Bidder {
  tellsCost: boolean;
  running: readonly Running[];
  /** Assignments that wait for a slot. */
  waiting: number;
}

/**
 * What this node would do about a task nobody has ordered: bid, or pass for which reason; what it costs, unless the
 * node does not tell; when a slot comes free. It binds nobody.
 * @param nowMs epoch milliseconds
 */
export function answerQuote(
  asked: MarketMessages["quote.asked"],
  node: QuotingNode,
  nowMs: number,
): NodeMessages["quote.answered"] {
  const { quoteId, inputBytes } = asked;
  const answer = (reason: PassReason | null) => ({
    type: "quote.answered" as const,
    quoteId,
    reason: reason === null ? BID_REASON : passReasons[reason].code,
    freeSlots: node.isDraining ? 0 : node.freeSlots,
    freeInMs: node.freeSlots > 0 ? 0 : freeInMs(node, nowMs),
    promisedSeconds: 0,
  });
  if (node.isDraining) return answer("draining");
  const fitting = fittingAgents(asked, node);
  const reachable = fitting.filter(({ versionId }) => !node.unreachable.has(versionId));
  if (reachable.length === 0) return answer(fitting.length === 0 ? "no_agent" : "endpoint_down");
  const [best] = offers(reachable, { inputBytes, royaltyCap: MAX_AMOUNT }, node);
  if (!best) return answer("no_agent");
  const { total, expectedMs, agent } = best;
  return {
    ...answer(node.freeSlots > 0 ? null : "no_free_slot"),
    ...(node.tellsCost && total <= MAX_AMOUNT && { cost: total.toString() }),
    promisedSeconds: promisedSeconds(expectedMs, agent.manifest.limits.timeMs),
  };
}

/** When the slot for the next task comes free, by how long executions have taken here. */
function freeInMs({ running, waiting, agents, durations }: QuotingNode, nowMs: number): number {
  const left = running.map((one) => remainingMs(one, agents, durations, nowMs)).sort((a, b) => a - b);
  return Math.min(MAX_WAIT_MS, Math.ceil(left[Math.min(waiting, left.length - 1)] ?? ROUND_MS));
}

function remainingMs(
  { agent, startedAtMs }: Running,
  agents: Bidder["agents"],
  durations: Durations,
  nowMs: number,
): number {
  const limits = [...agents.values()].find(({ versionId }) => versionId === agent)?.manifest.limits;
  return limits ? Math.max(0, startedAtMs + durations.expectedMs(agent, limits) - nowMs) : ROUND_MS;
}
