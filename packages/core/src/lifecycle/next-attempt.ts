import { LONGEST_BACKOFF_SECONDS, type TaskSpec } from "@stoa/protocol";

const DEFAULT_FACTOR = 2;

/** A task one of whose attempts has just failed. */
export interface Attempted {
  spec: Pick<TaskSpec, "retry" | "startBySeconds">;
  /** Attempts that have failed, this one included. */
  attempts: number;
  /** Epoch milliseconds. */
  deliverBy: number;
}

/** Whether the order allows another attempt; one that says nothing of attempts allows as many as there are nodes and time for. */
export function attemptsLeft({ spec, attempts }: Pick<Attempted, "spec" | "attempts">): boolean {
  return spec.retry === undefined || attempts < spec.retry.maxAttempts;
}

/**
 * When a task whose agent failed is offered again, in epoch milliseconds: after a pause that grows with every failure up
 * to an hour. Null when it is not: no attempt is left, the order asks for none, or no node could start after the pause
 * and still deliver in time. Then it ends at once, for waiting would only keep its money.
 * @param now epoch milliseconds
 * @example
 * const spec = { retry: { maxAttempts: 3, backoffSeconds: 10 }, startBySeconds: 30 };
 * nextAttemptAt({ spec, attempts: 2, deliverBy: 600_000 }, 0) // 20_000
 */
export function nextAttemptAt(task: Attempted, now: number): number | null {
  const { retry, startBySeconds } = task.spec;
  if (!retry || !attemptsLeft(task)) return null;
  const grown = retry.backoffSeconds * (retry.backoffFactor ?? DEFAULT_FACTOR) ** (task.attempts - 1);
  const at = now + Math.min(grown, LONGEST_BACKOFF_SECONDS) * 1_000;
  return at + startBySeconds * 1_000 < task.deliverBy ? at : null;
}
