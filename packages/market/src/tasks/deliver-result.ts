import { nextState } from "@stoa/core";
import {
  type Address,
  type Hash,
  type Receipt,
  requireSigner,
  type Signature,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import type { AwardRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { requireAwardOf } from "./require-award-of.ts";

export interface DeliverResult {
  taskId: TaskId;
  node: Address;
  receipt: Receipt;
  signature: Signature;
  /** SHA-256 of the canonical output the market was sent and has stored. */
  outputHash: Hash;
  stats: Record<string, unknown>;
}

/**
 * Takes a node's signed result. The same result twice counts once.
 * @throws {StoaError} `wrong_hash`, `wrong_signature`, `not_assigned`, `wrong_state` (another result, or after the deadline)
 */
export async function deliverResult(context: MarketContext, request: DeliverResult): Promise<void> {
  const { taskId, node, receipt, outputHash } = request;
  if (receipt.resultHash !== outputHash) {
    throw new StoaError(
      "wrong_hash",
      `the receipt names the result ${receipt.resultHash}, what was sent hashes to ${outputHash}`,
    );
  }
  await requireSigner(context.terms.domain, "Receipt", receipt, request.signature, node);
  return context.lane.run({
    name: "deliver-result",
    tasks: [taskId],
    decide(set) {
      const task = set.task(taskId);
      const award = requireAwardOf(set, task, node);
      if (award.hash !== receipt.awardHash) {
        throw new StoaError(
          "not_assigned",
          `the receipt is for the award ${receipt.awardHash}, the task is under ${award.hash}`,
        );
      }
      if (task.result) {
        if (task.result.hash === outputHash) return;
        throw new StoaError(
          "wrong_state",
          `the task ${taskId} has the result ${task.result.hash}, another one is not taken`,
        );
      }
      const state = nextState(task.state, "deliver");
      if (set.now > task.deliverBy) {
        throw new StoaError("wrong_state", `the result came ${set.now - task.deliverBy} ms after the task's deadline`);
      }
      task.state = state;
      task.result = { hash: outputHash, receiptSignature: request.signature, deliveredAt: set.now };
      task.wakeAt = set.now + context.terms.approvalWindowSeconds * 1_000;
      set.touchTask(task);
      Object.assign(award, {
        state: "delivered",
        endedAt: set.now,
        stats: request.stats,
      } satisfies Partial<AwardRecord>);
      set.putAward(award);
      set.emit({ type: "task.delivered", audience: null, data: { taskId, node, resultHash: outputHash } });
    },
  });
}
