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
      className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 rounded-lg px-3 py-2 text-ink no-underline hover:bg-sunken @xl:min-h-12 @xl:grid-cols-[minmax(0,1fr)_8rem_15rem_6.5rem]"
    >
      <span className="truncate font-medium">{task.capability}</span>
      <span className="justify-self-end @xl:justify-self-start">
        <TaskStateBadge state={task.state} />
      </span>
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-3 text-sm text-quiet @xl:justify-between">
        <bdi className="font-mono text-xs">{shortId(task.id)}</bdi>
        <span>
          {t("task.at_most")} <Amount units={task.maxPrice} className="text-ink" />
        </span>
      </span>
      <TimeAgo at={task.openedAt} className="text-end text-sm text-quiet" />
    </Link>
  );
}
