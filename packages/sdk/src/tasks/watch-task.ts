import { isAtRest } from "@stoa/core";
import type { EventRecord, EventType, MarketEvents, Task } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { liveFrames } from "../events/live-frames.ts";
import { getTask } from "./get-task.ts";

/** An event with its type's own data. */
export type AnyEvent = { [Type in EventType]: EventRecord<Type> }[EventType];

/** What a watched task tells: how it stands now, or what happened to it. */
export type TaskUpdate = { kind: "task"; task: Task } | { kind: "event"; event: AnyEvent };

export interface WatchTask {
  /** Ends when nothing more happens to the task by itself, or, when "paid", only once its settlement is on chain too. */
  until?: "final" | "paid";
  signal?: AbortSignal;
  /** Gives up with `server_unavailable` when the market does not answer for so long; never when absent. */
  giveUpAfterMs?: number;
}

const FINAL_EVENTS: ReadonlySet<EventType> = new Set([
  "task.settled",
  "task.cancelled",
  "task.expired",
  "task.failed",
  "task.dead",
] satisfies EventType[]);
const PAID_EVENTS: ReadonlySet<EventType> = new Set([
  "settlement.confirmed",
  "settlement.skipped",
] satisfies EventType[]);

/**
 * Follows a task live until it ends: first how it stands, then every event of it, then how it stands at the end. A lost
 * connection is taken up where it broke, with how the task stands told again.
 * @example
 * for await (const update of client.tasks.watch(taskId)) console.log(update);
 */
export async function* watchTask(
  connection: Connection,
  id: string,
  options: WatchTask = {},
): AsyncGenerator<TaskUpdate, void, void> {
  const { until = "final", signal, giveUpAfterMs } = options;
  const frames = liveFrames(connection, {
    ...(signal ? { signal } : {}),
    ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
  });
  for await (const frame of frames) {
    if (frame.kind === "open") {
      const task = await getTask(connection, id);
      yield { kind: "task", task };
      if (isOver(task, until)) return;
      id = task.id;
      continue;
    }
    for (const event of frame.events as AnyEvent[]) {
      if ((event.data as Partial<MarketEvents["task.opened"]>).taskId !== id) continue;
      yield { kind: "event", event };
      if (!FINAL_EVENTS.has(event.type) && !PAID_EVENTS.has(event.type)) continue;
      const task = await getTask(connection, id);
      if (!isOver(task, until)) continue;
      yield { kind: "task", task };
      return;
    }
  }
}

function isOver(task: Task, until: "final" | "paid"): boolean {
  if (!isAtRest(task.state)) return false;
  if (until === "final" || task.state !== "settled") return true;
  return task.settlement?.state === "confirmed" || task.settlement?.state === "skipped";
}
