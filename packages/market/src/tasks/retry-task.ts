import { available, nextState } from "@stoa/core";
import { type Address, decodeTyped, StoaError, type TaskId } from "@stoa/protocol";
import { findTask, type TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { holdIn } from "./hold-task.ts";
import { offerAgainIn } from "./resume-task.ts";
import { requireSessionTotal } from "./require-session-total.ts";

/**
 * Opens a dead task again under the order that opened it: its maximum price is set aside again, and it has all its
 * attempts before it. Nothing of the order was settled, and the awards that failed are void, so its number is still good.
 * @throws {StoaError} `not_found`, `forbidden` for anyone but its requester, `wrong_state`, `invalid_deadline` when no
 *   node could start in time, `insufficient_funds`, `nonce_used` and `session_key_limit` when the chain took it back
 */
export async function retryTask(
  context: MarketContext,
  request: { taskId: TaskId; requester: Address },
): Promise<void> {
  const { taskId, requester } = request;
  const found = await findTask(context.database, taskId);
  if (!found) throw new StoaError("not_found", `there is no task ${taskId}`);
  if (found.requester !== requester) throw new StoaError("forbidden", `the task ${taskId} is not ${requester}'s`);
  if (found.spec.budgetOf !== undefined)
    throw new StoaError("wrong_state", `${found.spec.budgetOf} paid for the task ${taskId}: only that orders it again`);
  if (found.spec.subtasks)
    throw new StoaError("wrong_state", `what the task ${taskId} could order of others was freed: sign a new order`);
  await requireNotRevoked(context, found);
  const session = found.session && decodeTyped("SessionKey", found.session.key);
  const sessionId = session ? { key: session.key, nonce: session.nonce.toString() } : undefined;
  return context.lane.run({
    name: "retry-task",
    tasks: [taskId],
    session: sessionId,
    accounts: () => [available(requester)],
    decide(set) {
      const task = set.task(taskId);
      const state = nextState(task.state, "retry");
      if (set.settlement(taskId))
        throw new StoaError("wrong_state", `the chain settled the task ${taskId}, there is nothing to try again`);
      requireTime(task, set.now);
      if (session && sessionId) requireSessionTotal(session.maxTotal, set.spentBy(sessionId) + task.maxPrice);
      const retries = task.retries + 1;
      holdIn(set, { ...task, retries });
      task.retries = retries;
      task.state = state;
      task.attempts = 0;
      // While it was dead its alarms may have been dropped.
      task.alarmAt = null;
      task.awardHash = null;
      task.outcome = null;
      offerAgainIn(set, task);
    },
  });
}

async function requireNotRevoked({ reads }: MarketContext, { requester, order, session }: TaskRecord): Promise<void> {
  if (await reads.isRevoked(requester, "order", BigInt(order.nonce)))
    throw new StoaError("nonce_used", `the order's nonce ${order.nonce} was cancelled on chain`);
  if (session && (await reads.isRevoked(requester, "session", BigInt(session.key.nonce))))
    throw new StoaError("session_key_limit", `the session key ${session.key.key} was revoked on chain`);
}

function requireTime({ deliverBy, spec }: TaskRecord, now: number): void {
  const left = Math.floor((deliverBy - now) / 1_000);
  if (left <= spec.startBySeconds)
    throw new StoaError(
      "invalid_deadline",
      `the order's deadline is ${left} s away, a node has ${spec.startBySeconds} s to start: sign a new order`,
    );
}
