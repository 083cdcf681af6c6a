import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ListTasksQuery, TaskState } from "@stoa/protocol";
import { reader, wholeClient } from "../market/connection.ts";

export type TaskFilter = Pick<ListTasksQuery, "mine" | "capability" | "state">;

/** How far an execution says it is. */
export interface Progress {
  fraction: number;
  text: string;
}

const LIST = ["tasks"] as const;
const PAGE_ITEMS = 50;

export const taskKeys = {
  lists: LIST,
  one: (id: string) => ["task", id] as const,
  logs: (id: string) => ["task", id, "logs"] as const,
  progress: (id: string) => ["task", id, "progress"] as const,
};

export function tasksQuery(filter: TaskFilter = {}) {
  return infiniteQueryOptions({
    queryKey: [...LIST, filter],
    queryFn: ({ pageParam }) =>
      reader.tasks.list({ ...filter, limit: PAGE_ITEMS, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

export function taskQuery(id: string) {
  return queryOptions({ queryKey: taskKeys.one(id), queryFn: () => reader.tasks.get(id) });
}

export function logsQuery(id: string, enabled: boolean) {
  return queryOptions({ queryKey: taskKeys.logs(id), queryFn: () => reader.tasks.logs(id), enabled });
}

/** Filled by events alone. */
export function progressQuery(id: string) {
  return queryOptions<Progress | null>({
    queryKey: taskKeys.progress(id),
    queryFn: () => null,
    staleTime: Infinity,
  });
}

export function inputQuery(id: string, enabled: boolean) {
  return queryOptions({
    queryKey: ["task", id, "input"],
    queryFn: () => reader.tasks.input(id),
    staleTime: Infinity,
    enabled,
  });
}

/** The result, checked against its hash here. */
export function resultQuery(id: string, enabled: boolean) {
  return queryOptions({
    queryKey: ["task", id, "result"],
    queryFn: async () => (await wholeClient()).tasks.result(id),
    enabled,
  });
}

/** States in which something may still happen to a task by itself. */
export const busyStates: ReadonlySet<TaskState> = new Set(["open", "awarded", "running", "delivered"]);
