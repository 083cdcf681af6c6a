import { type Address, BID_REASON, type PassReason, passReasonOf } from "@stoa/protocol";
import type { BarReason } from "./model.ts";

/** Why one node did not get a task. `unknown_reason` is a pass with a code nobody has defined. */
export type UnservedReason = "no_answer" | PassReason | BarReason | "outbid" | "unknown_reason";

/** What one asked node did about the task: nothing, or its answer and what became of its bid. */
export interface NodeVerdict {
  node: Address;
  /** The reason code of its signed answer, or null when it did not answer. */
  reason: number | null;
  /** Why its bid took no part, or null. */
  barred: BarReason | null;
}

function reasonOf({ reason, barred }: NodeVerdict): UnservedReason {
  if (reason === null) return "no_answer";
  if (reason !== BID_REASON) return passReasonOf(reason) ?? "unknown_reason";
  // A bid that took part and a task that stayed unserved: the node's slots went to tasks worth more.
  return barred ?? "outbid";
}

/** Says for a task that no node got, per asked node, why. */
export function whyUnserved(verdicts: readonly NodeVerdict[]): { node: Address; reason: UnservedReason }[] {
  return verdicts.map((verdict) => ({ node: verdict.node, reason: reasonOf(verdict) }));
}
