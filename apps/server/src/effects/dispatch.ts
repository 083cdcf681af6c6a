import type { Address, EventRecord, Hash, Json, NodeId, TaskId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How soon assignments that could not be sent are sent again. */
const EVERY_MS = 1_000;

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
    for (const { taskId } of await assignedTasks(context, node)) await assign(taskId, node);
  }

  function fallBehind(): void {
    isBehind = true;
    catchUp.wake();
  }

  async function assign(taskId: TaskId, node: Address): Promise<void> {
    const assignment = await market.assignmentOf(taskId);
    if (!assignment || assignment.award.node !== node) return;
    const input = JSON.parse(Buffer.from(await context.objects.get(assignment.spec.inputHash)).toString()) as Json;
    hub.send(node as NodeId, { ...assignment, input });
  }

  function onEvents(events: readonly EventRecord[]): void {
    for (const event of events) {
      if (event.type === "task.awarded") {
        const { taskId, node } = (event as EventRecord<"task.awarded">).data;
        if (!hub.isKnown(node as NodeId)) continue;
        assign(taskId as TaskId, node).catch((error: unknown) => {
          log.error({ err: error, taskId }, "an assignment could not be sent and will be tried again");
          isBehind = true;
        });
      } else if (event.type === "task.reopened") {
        const { taskId, node, fault } = (event as EventRecord<"task.reopened">).data;
        hub.send(node as NodeId, { type: "assignment.withdrawn", taskId, reason: fault });
      }
    }
  }

  const unsubscribe = [market.events.onAppended(onEvents), market.events.onGap(fallBehind)];
  signal.addEventListener("abort", () => unsubscribe.forEach((stop) => stop()), { once: true });
  return { resend, ended: catchUp.ended };
}

function assignedTasks({ database }: DispatchContext, node: Address): Promise<{ taskId: TaskId; hash: Hash }[]> {
  return database.query(
    `select awards.task_id as "taskId", awards.hash from awards
       join tasks on tasks.award_hash = awards.hash
      where awards.node = $1 and awards.state in ('made', 'running') order by awards.made_at`,
    [node],
  );
}
