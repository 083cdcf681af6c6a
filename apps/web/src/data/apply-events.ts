import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import type { EventType, Page, TaskLogs, TaskState, TaskSummary } from "@stoa/protocol";
import type { AnyEvent } from "@stoa/sdk/reader";
import { accountKeys } from "./account.ts";
import { agentKeys } from "./agents.ts";
import { nodeKeys } from "./nodes.ts";
import { roundKeys } from "./rounds.ts";
import { type Progress, type TaskFilter, taskKeys } from "./tasks.ts";

/** What each event makes of its task. */
const stateAfter: Partial<Record<EventType, TaskState>> = {
  "task.opened": "open",
  "task.reopened": "open",
  "task.attempt_failed": "open",
  "task.retried": "open",
  "task.awarded": "awarded",
  "task.running": "running",
  "task.delivered": "delivered",
  "task.settled": "settled",
  "task.cancelled": "cancelled",
  "task.expired": "expired",
  "task.failed": "failed",
  "task.dead": "dead",
};

/** How soon what is looked at closely is asked for again, and what sums up many events. */
const SOON_MS = 60;
const LATER_MS = 1_000;

type Pages = InfiniteData<Page<TaskSummary>, string>;

/** Brings the query cache up to date: patches what an event tells whole, and marks the rest to be asked for again. */
export function applyEvents(queryClient: QueryClient, events: readonly AnyEvent[]): void {
  for (const event of events) {
    const noun = event.type.slice(0, event.type.indexOf("."));
    if (noun === "task" || noun === "execution" || noun === "settlement") applyTaskEvent(queryClient, event);
    else if (noun === "round" || noun === "auction") {
      if ("roundId" in event.data) stale(queryClient, roundKeys.one(event.data.roundId as string), SOON_MS);
      stale(queryClient, roundKeys.lists, LATER_MS);
      if (event.type === "round.closed" && event.data.awards > 0) stale(queryClient, roundKeys.awards, LATER_MS);
    } else if (noun === "node") {
      stale(queryClient, nodeKeys.lists, LATER_MS);
      if ("node" in event.data) stale(queryClient, nodeKeys.one(event.data.node as string), LATER_MS);
    } else if (noun === "agent") stale(queryClient, agentKeys.lists, LATER_MS);
    else if (noun === "account") stale(queryClient, accountKeys.one, SOON_MS);
  }
}

function applyTaskEvent(queryClient: QueryClient, event: AnyEvent): void {
  const { taskId } = event.data as { taskId: string };
  if (event.type === "execution.logged") {
    const { executionId, firstSeq, lines } = event.data;
    const told = lines.map(({ atMs, text }, at) => ({ seq: firstSeq + at, at: new Date(atMs).toISOString(), text }));
    queryClient.setQueryData<TaskLogs>(taskKeys.logs(taskId), (logs) => logs && withLines(logs, executionId, told));
    return;
  }
  if (event.type === "execution.progressed") {
    const { fraction, text } = event.data;
    queryClient.setQueryData<Progress>(taskKeys.progress(taskId), { fraction, text });
    return;
  }
  patchLists(queryClient, event);
  stale(queryClient, taskKeys.one(taskId), SOON_MS, true);
  if (event.type === "task.awarded" || event.type === "task.settled") stale(queryClient, nodeKeys.lists, LATER_MS);
  // Money moves with a task's state; whose it is, the account itself says.
  stale(queryClient, accountKeys.one, LATER_MS);
}

/** Lines may come a second time, with the first reading of the logs. */
function withLines(logs: TaskLogs, executionId: string, lines: TaskLogs["executions"][number]["lines"]): TaskLogs {
  const before = logs.executions.find((execution) => execution.executionId === executionId);
  const next = before?.lines.at(-1)?.seq ?? -1;
  const execution = { executionId, lines: [...(before?.lines ?? []), ...lines.filter(({ seq }) => seq > next)] };
  const others = logs.executions.filter((execution) => execution.executionId !== executionId);
  return { ...logs, executions: [...others, execution] };
}

function patchLists(queryClient: QueryClient, event: AnyEvent): void {
  const state = stateAfter[event.type];
  if (state === undefined) return;
  const { taskId } = event.data as { taskId: string };
  const updatedAt = new Date(event.at).toISOString();
  for (const [key, pages] of queryClient.getQueriesData<Pages>({ queryKey: taskKeys.lists })) {
    if (!pages) continue;
    const filter = (key[1] ?? {}) as TaskFilter;
    // A list of one state loses and gains tasks: the market knows which.
    if (filter.state !== undefined || (event.type === "task.opened" && filter.mine)) {
      stale(queryClient, key, LATER_MS);
    } else if (event.type === "task.opened") {
      const { capability } = event.data;
      if (filter.capability !== undefined && filter.capability !== capability) continue;
      queryClient.setQueryData<Pages>(key, withFirst(pages, summaryOf(event)));
    } else {
      queryClient.setQueryData<Pages>(key, withState(pages, taskId, state, updatedAt));
    }
  }
}

function summaryOf({ at, data }: Extract<AnyEvent, { type: "task.opened" }>): TaskSummary {
  const { taskId: id, capability, requester, maxPrice, deliverBy } = data;
  const openedAt = new Date(at).toISOString();
  const times = { openedAt, updatedAt: openedAt, deliverBy: new Date(deliverBy).toISOString() };
  return { id, capability, requester, maxPrice, state: "open", ...times };
}

function withFirst(pages: Pages, task: TaskSummary): Pages {
  const [first, ...rest] = pages.pages;
  if (!first || first.items.some(({ id }) => id === task.id)) return pages;
  return { ...pages, pages: [{ ...first, items: [task, ...first.items] }, ...rest] };
}

function withState(pages: Pages, id: string, state: TaskState, updatedAt: string): Pages {
  if (!pages.pages.some(({ items }) => items.some((task) => task.id === id))) return pages;
  const patch = (task: TaskSummary) => (task.id === id ? { ...task, state, updatedAt } : task);
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(patch) })) };
}

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Marks a query stale once, however many events ask for it meanwhile: a busy market costs no more than a quiet one. */
function stale(queryClient: QueryClient, queryKey: QueryKey, afterMs: number, exact = false): void {
  const name = JSON.stringify(queryKey);
  if (waiting.has(name)) return;
  waiting.set(
    name,
    setTimeout(() => {
      waiting.delete(name);
      void queryClient.invalidateQueries({ queryKey, exact });
    }, afterMs),
  );
}
