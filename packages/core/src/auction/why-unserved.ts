import { type Address, BID_REASON, type Hash, type PassReason, passReasonOf } from "@stoa/protocol";
import type { Bar, BarReason } from "./model.ts";
import type { RoundInputs } from "./round-market.ts";

/** Why one node did not get a task. `unknown_reason` is a pass with a code nobody has defined. */
export type UnservedReason = "no_answer" | PassReason | BarReason | "outbid" | "unknown_reason";

/**
 * Says for a task that no node got, per asked node, why: it did not answer, passed for a reason,
 * its bid was barred, or its slots went to tasks that were worth more (`outbid`).
 * @param barred the bids that took no part, as the round's clearing has them
 */
export function whyUnserved(
  inputs: RoundInputs,
  barred: readonly Bar[],
  orderHash: Hash,
): { node: Address; reason: UnservedReason }[] {
  const { opening, nodes } = inputs;
  const task = opening.tasks.findIndex((candidate) => candidate.orderHash === orderHash);
  return opening.asked.map(({ node }, index) => {
    const answer = nodes[index]?.sheet?.answers.find((candidate) => candidate.orderHash === orderHash);
    if (!answer) return { node, reason: "no_answer" };
    if (answer.reason !== BID_REASON) return { node, reason: passReasonOf(answer.reason) ?? "unknown_reason" };
    const bar = barred.find((candidate) => candidate.task === task && candidate.node === index);
    return { node, reason: bar?.reason ?? "outbid" };
  });
}
