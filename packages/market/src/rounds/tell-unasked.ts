import type { TaskId, UnservedCount } from "@stoa/protocol";
import { limits } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { unaskedNodes } from "./unasked-nodes.ts";

interface WaitingTask {
  id: TaskId;
  agentVersion: string | null;
  unserved: UnservedCount[] | null;
}

/**
 * Tells the requesters of a capability's waiting tasks that no node can be asked, and why: they would learn it only at
 * the deadline. It is told again when the reasons are others, not when their counts are.
 * @returns whether any task waits
 */
export async function tellUnasked(context: MarketContext, { capability }: { capability: string }): Promise<boolean> {
  const waiting = await context.database.query<WaitingTask>(
    `select id, agent_version as "agentVersion", unserved from tasks
      where waiting and capability = $1 and (not_before is null or not_before <= $3::timestamptz)
      order by opened_at, id limit $2`,
    [capability, limits.tasksPerRound, new Date(context.clock()).toISOString()],
  );
  const unasked = unaskedNodes(context, capability, []);
  const news = new Map<TaskId, UnservedCount[]>();
  for (const { id, agentVersion, unserved } of waiting) {
    const reasons = await unasked(agentVersion);
    if (unserved === null || namesOf(unserved) !== namesOf(reasons)) news.set(id, reasons);
  }
  if (news.size > 0) await writeReasons(context, news);
  return waiting.length > 0;
}

function writeReasons({ lane }: MarketContext, news: ReadonlyMap<TaskId, UnservedCount[]>): Promise<void> {
  return lane.run({
    name: "tell-unasked",
    tasks: [...news.keys()],
    decide(set) {
      for (const [taskId, reasons] of news) {
        const task = set.findTask(taskId);
        if (task?.state !== "open" || task.notBefore !== null) continue;
        task.unserved = reasons;
        set.touchTask(task);
        set.emit({ type: "task.unserved", audience: task.requester, data: { taskId, roundId: null, reasons } });
      }
    },
  });
}

function namesOf(reasons: readonly UnservedCount[]): string {
  return reasons
    .map(({ reason }) => reason)
    .sort()
    .join();
}
