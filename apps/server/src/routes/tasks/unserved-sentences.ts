import { type PassReason, passReasons } from "@stoa/protocol";

/** Why a node did not take a task when it did not say so itself. */
const others: Readonly<Record<string, string>> = {
  no_answer: "The node did not answer in time.",
  outbid: "The node's slots went to tasks that were worth more, or its cost is above what the maximum leaves.",
  same_owner: "The node belongs to the requester, and may not work for it.",
  wrong_version: "The node bid with another agent version than the task asks for.",
  wrong_capability: "The agent version the node bid with does not offer the capability.",
  royalty_over_cap: "The agent's royalty is over the order's cap.",
  below_cost: "The maximum price does not cover the node's cost, the royalty and the fee.",
  reputation_too_low: "What the node's reputation takes off the task's worth leaves less than its cost.",
  stake_too_small: "The node's stake does not cover the bond of a task.",
  stake_bound: "The node's stake is bound to the tasks it runs.",
  offline: "The node hosts an agent for it, but is offline.",
  link_expired: "The provider's link of the node has run out.",
  unknown_reason: "The node passed with a reason this market does not know.",
};

/** What would help, by reason. */
const remedies: Readonly<Record<string, string>> = {
  no_agent: "Ask for the capability instead of one agent, or wait for a node that hosts one.",
  no_free_slot: "Wait: the task is offered again as slots come free.",
  deadline_too_short: "Give it a later deadline.",
  input_rejected: "Compare the input with the agent's schema and limits.",
  draining: "Wait for the node to come back, or for another.",
  requester_refused: "Nothing: another node must do it.",
  verification_unsupported: "Ask for a verification that nodes offer.",
  endpoint_down: "Try again later, or choose another agent.",
  order_not_covered: "Check the deposit and the order's signature.",
  no_answer: "Wait: the task is offered again shortly.",
  same_owner: "Nothing: another provider's node must do it.",
  wrong_version: "Ask for the capability instead of one agent.",
  wrong_capability: "Nothing: the node must bid with another agent.",
  royalty_over_cap: "Raise the order's royalty cap.",
  stake_too_small: "Nothing: its provider must stake more.",
  stake_bound: "Wait: the task is offered again as its tasks end.",
  offline: "Wait for the node to come back.",
  link_expired: "Nothing: its provider must link it again.",
};

/** What a reason for not taking a task means. */
export function unservedSentence(reason: string): string {
  return Object.hasOwn(passReasons, reason)
    ? passReasons[reason as PassReason].sentence
    : (Object.hasOwn(others, reason) && others[reason]) || "The node gave no reason.";
}

/** What would help against a reason; null when it is more money, and how much is known from elsewhere. */
export function remedyOf(reason: string): string | null {
  if (PRICED.has(reason)) return null;
  return (Object.hasOwn(remedies, reason) && remedies[reason]) || "Nothing the market knows of.";
}

const PRICED = new Set(["price_too_low", "below_cost", "outbid", "reputation_too_low"]);
