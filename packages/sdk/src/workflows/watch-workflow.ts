import type { Workflow } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { liveFrames } from "../events/live-frames.ts";
import type { AnyEvent } from "../tasks/watch-task.ts";
import { getWorkflow } from "./get-workflow.ts";

/** What a watched workflow tells: how it stands now, or what happened to it or one of its tasks. */
export type WorkflowUpdate = { kind: "workflow"; workflow: Workflow } | { kind: "event"; event: AnyEvent };

export interface WatchWorkflow {
  signal?: AbortSignal;
  /** Gives up with `server_unavailable` when the market does not answer for so long; never when absent. */
  giveUpAfterMs?: number;
}

/**
 * Follows a workflow live until it ends: first how it stands, then every event of it and of its tasks, then how it stands
 * at the end. A lost connection is taken up where it broke, with how the workflow stands told again.
 * @example
 * for await (const update of client.workflows.watch(workflowId)) console.log(update);
 */
export async function* watchWorkflow(
  connection: Connection,
  id: string,
  { signal, giveUpAfterMs }: WatchWorkflow = {},
): AsyncGenerator<WorkflowUpdate, void, void> {
  const frames = liveFrames(connection, {
    ...(signal ? { signal } : {}),
    ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
  });
  const tasks = new Set<string>();
  for await (const frame of frames) {
    if (frame.kind === "open") {
      const workflow = await getWorkflow(connection, id);
      for (const step of workflow.steps) for (const { taskId } of step.tasks) tasks.add(taskId);
      yield { kind: "workflow", workflow };
      if (workflow.endedAt !== null) return;
      id = workflow.id;
      continue;
    }
    for (const event of frame.events as AnyEvent[]) {
      const { workflowId, taskId } = event.data as { workflowId?: string; taskId?: string };
      if (workflowId === id && taskId !== undefined) tasks.add(taskId);
      if (workflowId !== id && !(taskId !== undefined && tasks.has(taskId))) continue;
      yield { kind: "event", event };
      if (!isEnd(event)) continue;
      yield { kind: "workflow", workflow: await getWorkflow(connection, id) };
      return;
    }
  }
}

function isEnd({ type }: AnyEvent): boolean {
  return type === "workflow.completed" || type === "workflow.failed" || type === "workflow.cancelled";
}
