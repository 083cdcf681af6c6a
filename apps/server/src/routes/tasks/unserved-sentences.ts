import { type PassReason, passReasons } from "@stoa/protocol";

/** Why a node did not take a task when it did not say so itself. */
const others: Readonly<Record<string, string>> = {
  no_answer: "The node did not answer before the round closed.",
  outbid: "The node's slots went to tasks that were worth more.",
  same_owner: "The node belongs to the requester, and may not work for it.",
  wrong_version: "The node bid with another agent version than the task asks for.",
  wrong_capability: "The agent version the node bid with does not offer the capability.",
  royalty_over_cap: "The agent's royalty is over the order's cap.",
  below_cost: "The maximum price does not cover the node's cost, the royalty and the fee.",
  unknown_reason: "The node passed with a reason this market does not know.",
};

/** What a reason for not taking a task means. */
export function unservedSentence(reason: string): string {
  return Object.hasOwn(passReasons, reason)
    ? passReasons[reason as PassReason].sentence
    : (others[reason] ?? "The node gave no reason.");
}
