import { IN_THE_CLEAR, limits, MAX_AMOUNT, type Order, StoaError, taskHash, type TaskSpec } from "@stoa/protocol";
import type { MarketTerms } from "../context.ts";
import { expectSame } from "./expect-same.ts";

/**
 * Checks what an order says against the market's terms, before its signature is looked at.
 * @param now epoch milliseconds
 * @throws {StoaError} `invalid_order`, `invalid_price`, `invalid_deadline`, each with the actual beside the expected
 */
export function checkOrder(order: Order, spec: TaskSpec, terms: MarketTerms, operator: string, now: number): void {
  expectSame("the order's operator", order.operator, operator);
  expectSame("the order's token", order.token, terms.token);
  expectSame("the order's taskHash", order.taskHash, taskHash(spec));
  expectSame("the order's resultKey", order.resultKey, IN_THE_CLEAR);
  if (order.feeCapBps < terms.feeBps) {
    throw new StoaError(
      "invalid_order",
      `the order caps the fee at ${order.feeCapBps} basis points, the market takes ${terms.feeBps}`,
    );
  }
  if (order.feeCapBps > limits.maxFeeBps) {
    throw new StoaError(
      "invalid_order",
      `the order caps the fee at ${order.feeCapBps} basis points, no vault takes more than ${limits.maxFeeBps}`,
    );
  }
  if (order.maxPrice <= 0n)
    throw new StoaError("invalid_price", `the maximum price must be above zero, got ${order.maxPrice}`);
  if (spec.subtasks && !(BigInt(spec.subtasks.budget) > 0n && BigInt(spec.subtasks.budget) <= MAX_AMOUNT))
    throw new StoaError("invalid_price", `a budget for sub-tasks must be above zero, got ${spec.subtasks.budget}`);
  checkDeadlines(order, spec, terms, Math.floor(now / 1_000));
}

/** All in Unix seconds. */
function checkDeadlines(order: Order, spec: TaskSpec, terms: MarketTerms, now: number): void {
  const deliverBy = Number(order.deliverBy);
  const settleBy = Number(order.settleBy);
  if (deliverBy <= now) throw new StoaError("invalid_deadline", `deliverBy ${deliverBy} is past, it is ${now}`);
  if (deliverBy < now + spec.startBySeconds) {
    throw new StoaError(
      "invalid_deadline",
      `deliverBy is ${deliverBy - now} s away, less than the ${spec.startBySeconds} s a node has to start`,
    );
  }
  const earliest = deliverBy + terms.approvalWindowSeconds + terms.challengeWindowSeconds;
  if (settleBy < earliest) {
    throw new StoaError(
      "invalid_deadline",
      `settleBy ${settleBy} leaves no time to approve and challenge, expected at least ${earliest}`,
    );
  }
  const latest = now + terms.withdrawDelaySeconds - terms.challengeWindowSeconds;
  if (settleBy > latest) {
    throw new StoaError(
      "invalid_deadline",
      `settleBy ${settleBy} is beyond what a withdrawal waits for, expected at most ${latest}`,
    );
  }
}
