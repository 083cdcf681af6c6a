import { type Address, StoaError } from "@stoa/protocol";
import type { AwardRecord, TaskRecord } from "@stoa/store";
import type { WorkingSet } from "../lane/working-set.ts";

/**
 * The award a task stands under, when it is this node's.
 * @throws {StoaError} `not_assigned` when the task never was the node's, or has moved on to another
 */
export function requireAwardOf(set: WorkingSet, task: TaskRecord, node: Address): AwardRecord {
  const award = task.awardHash === null ? undefined : set.award(task.awardHash);
  if (award?.node !== node)
    throw new StoaError("not_assigned", `the task ${task.id} is ${task.state} and not assigned to ${node}`);
  return award;
}
