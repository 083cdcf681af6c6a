import {
  type Address,
  agentVersionId,
  BID_REASON,
  type Hash,
  type PassReason,
  passReasonOf,
  type RecordVersion,
  type SheetAnswer,
} from "@stoa/protocol";
import type { NodeCost } from "./cost-bands.ts";
import { edgeRoyalty } from "./edge-royalty.ts";
import { leastMaxPrice } from "./least-max-price.ts";
import type { Bar, BarReason } from "./model.ts";
import { reservePrice } from "./reserve-price.ts";
import type { RoundInputs } from "./round-market.ts";

/**
 * Why one node did not get a task. `unknown_reason` is a pass with a code nobody has defined; of `stake_too_small` only
 * whoever turned the sheet away can tell.
 */
export type UnservedReason =
  | "no_answer"
  | PassReason
  | BarReason
  | "reputation_too_low"
  | "stake_too_small"
  | "outbid"
  | "unknown_reason";

/** Why an asked node did not get a task, and what it would cost there when its bid says so. */
export interface NodeUnserved {
  node: Address;
  reason: UnservedReason;
  cost?: NodeCost;
}

/**
 * Says for tasks that no node got, per asked node, why: it did not answer, passed for a reason, its bid was barred, its
 * reputation took too much off, or its slots went to tasks that were worth more (`outbid`).
 * @param barred the bids that took no part, as the round's clearing has them
 */
export function whyUnserved(
  inputs: RoundInputs,
  barred: readonly Bar[],
  orderHashes: readonly Hash[],
): Map<Hash, NodeUnserved[]> {
  const { opening, nodes } = inputs;
  const taskAt = new Map(opening.tasks.map(({ orderHash }, index) => [orderHash, index]));
  const bars = new Map(barred.map((bar) => [`${bar.task}:${bar.node}`, bar.reason]));
  const answers = nodes.map(({ sheet }) => new Map(sheet?.answers.map((answer) => [answer.orderHash, answer])));
  const costOf = readCosts(inputs);
  const why = (orderHash: Hash, node: number): NodeUnserved => {
    const asked = opening.asked[node]!;
    const answer = answers[node]!.get(orderHash);
    if (!answer) return { node: asked.node, reason: "no_answer" };
    if (answer.reason !== BID_REASON)
      return { node: asked.node, reason: passReasonOf(answer.reason) ?? "unknown_reason" };
    const task = taskAt.get(orderHash)!;
    const { cost, maxPrice } = costOf(answer, node);
    const bar = bars.get(`${task}:${node}`) ?? "outbid";
    const isWorthIt = cost < reservePrice(BigInt(opening.tasks[task]!.order.maxPrice), opening.feeBps);
    // The cost alone would have taken part: what barred it is what its reputation takes off.
    const reason = bar === "below_cost" && isWorthIt ? "reputation_too_low" : bar;
    return { node: asked.node, reason, cost: { provider: asked.provider, maxPrice } };
  };
  return new Map(orderHashes.map((orderHash) => [orderHash, opening.asked.map((_, node) => why(orderHash, node))]));
}

function readCosts({ opening, versions }: RoundInputs) {
  const known = new Map<Hash, RecordVersion>(versions.map((version) => [agentVersionId(version.manifest), version]));
  return ({ agentVersion, ask }: SheetAnswer, node: number) => {
    const version = known.get(agentVersion);
    const { provider } = opening.asked[node]!;
    const royalty = version ? edgeRoyalty(BigInt(version.manifest.royalty), version.creator, provider) : 0n;
    const cost = BigInt(ask) + royalty;
    return { cost, maxPrice: leastMaxPrice(cost, opening.feeBps) };
  };
}
