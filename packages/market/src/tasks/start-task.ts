import { nextState } from "@stoa/core";
import {
  type Address,
  decodeTyped,
  type Hash,
  requireSigner,
  type Signature,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import type { AwardRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import { requireAwardOf } from "./require-award-of.ts";

export interface StartTask {
  taskId: TaskId;
  node: Address;
  awardHash: Hash;
  /** The node's signature of its award. */
  nodeSignature: Signature;
  executionId: string;
}

/**
 * Records that a node has accepted its award and runs the task. Said twice, it counts once.
 * @throws {StoaError} `not_assigned`, `wrong_signature`, `wrong_state`
 */
export async function startTask(context: MarketContext, request: StartTask): Promise<void> {
  const { taskId, awardHash, node, nodeSignature } = request;
  const award = await context.reads.award(awardHash);
  if (!award || award.node !== node) throw new StoaError("not_assigned", `${awardHash} is no award of ${node}`);
  await requireSigner(context.terms.domain, "Award", decodeTyped("Award", award.terms), nodeSignature, node);
  return context.lane.run({
    name: "start-task",
    tasks: [taskId],
    decide(set) {
      const task = set.task(taskId);
      const current = requireAwardOf(set, task, node);
      if (current.hash !== awardHash)
        throw new StoaError("not_assigned", `the task ${taskId} is under ${current.hash} now`);
      if (current.state === "running") return;
      task.state = nextState(task.state, "start");
      task.wakeAt = task.deliverBy;
      set.touchTask(task);
      Object.assign(current, { state: "running", nodeSignature, startedAt: set.now } satisfies Partial<AwardRecord>);
      set.putAward(current);
      set.emit({ type: "task.running", audience: null, data: { taskId, node, executionId: request.executionId } });
    },
  });
}
