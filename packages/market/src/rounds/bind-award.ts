import { bondPosting, nextState } from "@stoa/core";
import type { TaskId } from "@stoa/protocol";
import type { AwardRecord } from "@stoa/store";
import type { WorkingSet } from "../lane/working-set.ts";

/** Puts a task under an award: the state moves, the bond is bound, the clock waits for the start. */
export function bindAward(set: WorkingSet, taskId: TaskId, award: AwardRecord): void {
  const task = set.task(taskId);
  task.state = nextState(task.state, task.state === "open" ? "award" : "reaward");
  task.awardHash = award.hash;
  task.wakeAt = award.startBy;
  task.unserved = null;
  set.touchTask(task);
  if (award.bond > 0n) set.post(bondPosting(taskId, award.hash, award, award.bond));
  set.putAward(award);
  set.emit({
    type: "task.awarded",
    audience: null,
    data: {
      taskId,
      roundId: award.roundId,
      node: award.node,
      agentVersion: award.agentVersion,
      price: award.price.toString(),
      royalty: award.royalty.toString(),
    },
  });
}
