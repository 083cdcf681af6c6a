import type { EventRecord, EventType, Hash } from "@stoa/protocol";

/** Most tasks that are followed at once; of more, the oldest are let go, and what is known of them with them. */
const MOST_TASKS = 20_000;

/** A part of a task's way through the market. */
export interface TaskStep {
  taskId: Hash;
  name: "auction" | "dispatch" | "run" | "approve" | "settle";
  /** Epoch milliseconds. */
  startMs: number;
  endMs: number;
  attributes: Readonly<Record<string, string>>;
  /** What it failed by; undefined when it did not. */
  fault: string | undefined;
}

/** A task's whole way, from its opening to its payment or to its end without. */
export interface TaskEnd {
  taskId: Hash;
  capability: string;
  outcome: "settled" | "cancelled" | "expired" | "failed" | "dead";
  startMs: number;
  endMs: number;
  fault: string | undefined;
}

/** Who is told of tasks' ways. */
export interface TaskObserver {
  onStep(step: TaskStep): void;
  onEnd(end: TaskEnd): void;
}

type Takers = { [Type in EventType]?: (event: EventRecord<Type>) => void };

interface Followed {
  openedAt: number;
  /** When it came into the state it is in. */
  since: number;
  capability: string;
  submittedAt?: number;
}

/**
 * Tells tasks' ways through the market from the event log alone. A task whose opening this process did not see is not
 * told. What happened more than once, an auction after a node that failed, is told as often.
 *
 *   auction   opened ──▶ awarded
 *   dispatch             awarded ──▶ running
 *   run                              running ──▶ delivered
 *   approve                                      delivered ──▶ settled
 *   settle                                                     submitted ──▶ confirmed, on chain
 */
export function followTasks({ onStep, onEnd }: TaskObserver): (events: readonly EventRecord[]) => void {
  const followed = new Map<Hash, Followed>();

  function begin({ at, data }: EventRecord<"task.opened">): void {
    followed.set(data.taskId, { openedAt: at, since: at, capability: data.capability });
    const oldest = followed.size > MOST_TASKS ? followed.keys().next().value : undefined;
    if (oldest !== undefined) followed.delete(oldest);
  }

  function step(
    { at, data }: EventRecord,
    name: TaskStep["name"],
    attributes: TaskStep["attributes"],
    fault?: string,
  ): void {
    const { taskId } = data as { taskId: Hash };
    const task = followed.get(taskId);
    if (!task) return;
    onStep({ taskId, name, startMs: task.since, endMs: at, attributes, fault });
    task.since = at;
  }

  function end({ at, data }: EventRecord, outcome: TaskEnd["outcome"], fault?: string): void {
    const { taskId } = data as { taskId: Hash };
    const task = followed.get(taskId);
    if (!task) return;
    onEnd({ taskId, capability: task.capability, outcome, startMs: task.openedAt, endMs: at, fault });
    // A paid task has its settlement before it, a failed one may be tried again.
    if (outcome === "cancelled" || outcome === "expired") followed.delete(taskId);
  }

  function settle({ type, at, data }: EventRecord<"settlement.submitted" | "settlement.confirmed">): void {
    const { taskId, txHash } = data;
    const task = followed.get(taskId);
    if (!task) return;
    task.submittedAt ??= at;
    if (type === "settlement.submitted") return;
    const attributes = { "stoa.transaction": txHash };
    onStep({ taskId, name: "settle", startMs: task.submittedAt, endMs: at, attributes, fault: undefined });
    followed.delete(taskId);
  }

  const takers: Takers = {
    "task.opened": begin,
    "task.awarded": (event) => {
      const { node, price, roundId } = event.data;
      step(event, "auction", { "stoa.round": roundId, "stoa.node": node, "stoa.price": price });
    },
    "task.running": (event) => {
      const { node, executionId } = event.data;
      step(event, "dispatch", { "stoa.node": node, "stoa.execution": executionId });
    },
    "task.delivered": (event) => {
      const { node, resultHash } = event.data;
      step(event, "run", { "stoa.node": node, "stoa.result": resultHash });
    },
    "task.reopened": (event) => step(event, "run", { "stoa.node": event.data.node }, event.data.fault),
    "task.attempt_failed": (event) => step(event, "run", { "stoa.node": event.data.node }, event.data.reason),
    "task.settled": (event) => {
      step(event, "approve", {});
      end(event, "settled");
    },
    "task.cancelled": (event) => end(event, "cancelled"),
    "task.expired": (event) => end(event, "expired", event.data.reason),
    "task.failed": (event) => end(event, "failed", event.data.reason),
    "task.dead": (event) => end(event, "dead", event.data.reason),
    "settlement.submitted": settle,
    "settlement.confirmed": settle,
  };
  return (events) => {
    for (const event of events) (takers[event.type] as ((event: EventRecord) => void) | undefined)?.(event);
  };
}
