import { type Address, StoaError, type TaskId } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { attemptsAtMost } from "./attempts-at-most.ts";
import { requireAwardOf } from "./require-award-of.ts";

/** Most that is told of one award: a node has nothing to gain from telling more. */
const MOST_TOLD = 1_000;

export interface ReportProgress {
  taskId: TaskId;
  node: Address;
  executionId: string;
  /** From 0 to 1. */
  fraction: number;
  text: string;
}

/**
 * Tells a task's requester how far its execution is.
 * @throws {StoaError} `not_assigned`, `too_large` for more reports than anybody reads
 */
export function reportProgress(context: MarketContext, request: ReportProgress): Promise<void> {
  const { taskId, node, executionId, fraction, text } = request;
  let told = 0n;
  return context.lane.run({
    name: "report-progress",
    tasks: [taskId],
    owns: [`progress:${taskId}`],
    async load(tx) {
      [{ told }] = (await tx.query<{ told: bigint }>(
        // Nothing is told of a task before it is opened, but for clocks that differ: older partitions are left alone.
        `select count(*) as told from events where task_id = $1 and type = 'execution.progressed'
            and at >= (select opened_at - interval '1 hour' from tasks where id = $1)`,
        [taskId],
      )) as [{ told: bigint }];
    },
    decide(set) {
      const task = set.task(taskId);
      requireAwardOf(set, task, node);
      const most = MOST_TOLD * attemptsAtMost(task);
      if (told >= BigInt(most))
        throw new StoaError("too_large", `${told} reports of progress were told, at most ${most} are`);
      set.emit({
        type: "execution.progressed",
        audience: task.requester,
        data: { taskId, executionId, fraction, text },
      });
    },
  });
}
