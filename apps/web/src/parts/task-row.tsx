import { Link } from "@tanstack/react-router";
import type { TaskSummary } from "@stoa/protocol";
import { useText } from "../text/use-text.ts";
import { Amount } from "./amount.tsx";
import { shortId } from "./short-id.ts";
import { TaskStateBadge } from "./task-state.tsx";
import { TimeAgo } from "./time-ago.tsx";

/** A task in a list: what, how it stands, its maximum, since when. */
export function TaskRow({ task }: { task: TaskSummary }) {
  const { t } = useText();
  return (
    <Link
      to="/tasks/$id"
      params={{ id: task.id }}
      className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 rounded-lg px-3 py-2.5 text-ink no-underline hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_7.5rem_9rem_6.5rem]"
    >
      <span className="min-w-0">
        <span className="block truncate font-medium">{task.capability}</span>
        <bdi className="font-mono text-xs text-quiet">{shortId(task.id)}</bdi>
      </span>
      <span className="justify-self-end sm:justify-self-start">
        <TaskStateBadge state={task.state} />
      </span>
      <span className="text-sm text-quiet sm:text-end">
        {t("task.at_most")} <Amount units={task.maxPrice} className="text-ink" />
      </span>
      <TimeAgo at={task.openedAt} className="text-end text-sm text-quiet" />
    </Link>
  );
}
