/**
 * Why a node passes on a task, as its signed sheet says it: `code` stands in the leaf's `reason`,
 * where 0 means "this is a bid". Codes are part of signed messages: they are never reused.
 */
export const passReasons = {
  no_agent: { code: 1, sentence: "The node hosts no agent for what the task asks." },
  no_free_slot: { code: 2, sentence: "The node has no free slot." },
  price_too_low: { code: 3, sentence: "The maximum price is below the node's cost." },
  deadline_too_short: { code: 4, sentence: "The node cannot deliver before the task's deadline." },
  input_rejected: { code: 5, sentence: "The input does not fit the agent's schema or limits." },
  draining: { code: 6, sentence: "The node is finishing its work and takes no more." },
  requester_refused: { code: 7, sentence: "The node does not work for this requester." },
  verification_unsupported: { code: 8, sentence: "The node does not offer the verification the task asks for." },
  order_not_covered: { code: 9, sentence: "The node could not see that the order is covered." },
  endpoint_down: { code: 10, sentence: "The agent works behind an endpoint of its creator's, which does not answer." },
} as const;

export type PassReason = keyof typeof passReasons;

const byCode = new Map<number, PassReason>(
  Object.entries(passReasons).map(([name, { code }]) => [code, name as PassReason]),
);

/** The leaf value of an answer that is a bid. */
export const BID_REASON = 0;

/** The name of a pass reason's code, or null when no such reason exists (0 is a bid). */
export function passReasonOf(code: number): PassReason | null {
  return byCode.get(code) ?? null;
}
