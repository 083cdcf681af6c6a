import type { Address, EventRecord, Hash, Json, NodeId, TaskId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How soon assignments that could not be sent are sent again. */
const EVERY_MS = 1_000;
/** Tasks put together at once: the first of many leave while the rest are read. */
const AT_ONCE = 100;

type DispatchContext = Pick<EffectContext, "database" | "market" | "hub" | "objects" | "log" | "signal">;

/** Sends awarded work to nodes, and takes it back. */
export interface Dispatch extends Pick<Repeated, "ended"> {
  /** Sends a node everything it is assigned: it may have missed some of it. */
  resend(node: Address): Promise<void>;
}

/**
 * Follows the event log: an award goes to its node by the server the node is connected to, a lost one is withdrawn.
 * Nothing is remembered: a node that connects is sent what the database says it is assigned, and ignores what it has.
 */
export function startDispatch(context: DispatchContext): Dispatch {
  const { market, hub, log, signal } = context;
  let isBehind = false;
  const catchUp = repeat({ name: "dispatch", everyMs: EVERY_MS, ...context }, async () => {
    if (!isBehind) return;
    isBehind = false;
    try {
      for (const node of hub.online().keys()) await resend(node);
    } catch (error) {
      isBehind = true;
      throw error;
    }
  });

  async function resend(node: Address): Promise<void> {
    const tasks = await assignedTasks(context, node);
    await assign(tasks.map(({ taskId }) => ({ taskId, node })));
  }

  function fallBehind(): void {
    isBehind = true;
    catchUp.wake();
  }

  /** Sends each task to the node it was awarded to, unless it has moved on since. */
  async function assign(awarded: readonly { taskId: TaskId; node: Address }[]): Promise<void> {
    const nodeOf = new Map(awarded.map(({ taskId, node }) => [taskId as string, node]));
    for (let at = 0; at < awarded.length; at += AT_ONCE) {
      const part = awarded.slice(at, at + AT_ONCE).map(({ taskId }) => taskId);
      const assignments = await market.assignmentsOf(part);
      await Promise.all(
        assignments
          .filter(({ taskId, award }) => award.node === nodeOf.get(taskId))
          .map(async (assignment) => {
            const bytes = await context.objects.get(assignment.spec.inputHash);
            const input = JSON.parse(Buffer.from(bytes).toString()) as Json;
            hub.send(assignment.award.node as NodeId, { ...assignment, input });
          }),
      );
    }
  }

  function onEvents(events: readonly EventRecord[]): void {
    const awarded: { taskId: TaskId; node: Address }[] = [];
    for (const event of events) {
      if (event.type === "task.awarded") {
        const { taskId, node } = (event as EventRecord<"task.awarded">).data;
        if (hub.isKnown(node as NodeId)) awarded.push({ taskId: taskId as TaskId, node });
      } else if (event.type === "task.reopened") {
        const { taskId, node, fault } = (event as EventRecord<"task.reopened">).data;
        hub.send(node as NodeId, { type: "assignment.withdrawn", taskId, reason: fault });
      }
    }
    if (awarded.length === 0) return;
    assign(awarded).catch((error: unknown) => {
      log.error({ err: error, tasks: awarded.length }, "assignments could not be sent and will be tried again");
      isBehind = true;
    });
  }

  const unsubscribe = [market.events.onAppended(onEvents), market.events.onGap(fallBehind)];
  signal.addEventListener("abort", () => unsubscribe.forEach((stop) => stop()), { once: true });
  return { resend, ended: catchUp.ended };
}

function assignedTasks({ database }: DispatchContext, node: Address): Promise<{ taskId: TaskId; hash: Hash }[]> {
  return database.query(
    `select awards.task_id as "taskId", awards.hash from awards
       join tasks on tasks.id = awards.task_id and tasks.award_hash = awards.hash
      where awards.node = $1 and busy order by awards.made_at`,
    [node],
  );
}
