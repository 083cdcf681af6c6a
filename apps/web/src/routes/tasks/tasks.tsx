import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type TaskState, taskStates, type TaskSummary } from "@stoa/protocol";
import { Plus } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { agentsQuery } from "../../data/agents.ts";
import { tasksQuery } from "../../data/tasks.ts";
import { buttonClass } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { TaskRow } from "../../parts/task-row.tsx";
import { useText } from "../../text/use-text.ts";
import { useSession } from "../../wallet/use-session.ts";
import { changedSearch, type TaskSearch } from "../search.ts";

const route = getRouteApi("/tasks");
/** As tall as a row is before it is measured: on one line, or on two where it is narrow. */
const ROW_PX = 48;
const NARROW_ROW_PX = 65;
const NARROW = matchMedia("(width < 40rem)");
/** Rows drawn beyond the window, and from the end at which the next page is asked for. */
const AHEAD = 12;

/** Every task of the market, or one's own: as many as there are, drawn as far as they are seen. */
export function Tasks() {
  const { t } = useText();
  const { state, capability, mine } = route.useSearch();
  const isSignedIn = useSession() !== null;
  const isMine = mine === true && isSignedIn;
  const query = useInfiniteQuery(
    tasksQuery({
      ...(state ? { state } : {}),
      ...(capability ? { capability } : {}),
      ...(isMine ? { mine: true } : {}),
    }),
  );
  return (
    <Page
      title={t("tasks.title")}
      lead={t("tasks.lead")}
      actions={
        <Link to="/tasks/new" className={buttonClass("primary")}>
          <Plus className="size-4" aria-hidden />
          {t("tasks.new")}
        </Link>
      }
    >
      <Filters isSignedIn={isSignedIn} isMine={isMine} />
      <Loaded query={query} skeleton={<Lines count={8} className="h-14" />}>
        {({ pages }) => {
          const tasks = pages.flatMap(({ items }) => items);
          if (tasks.length === 0)
            return (
              <div className="card">
                <Empty title={t("tasks.empty")}>{t("tasks.empty_note")}</Empty>
              </div>
            );
          return (
            <TaskList
              tasks={tasks}
              hasMore={query.hasNextPage}
              onMore={() => {
                if (!query.isFetchingNextPage) void query.fetchNextPage();
              }}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

function Filters({ isSignedIn, isMine }: { isSignedIn: boolean; isMine: boolean }) {
  const { t } = useText();
  const { state, capability } = route.useSearch();
  const navigate = route.useNavigate();
  const agents = useQuery(agentsQuery).data ?? [];
  const capabilities = [...new Set(agents.flatMap((agent) => agent.capabilities))].sort();
  const look = (change: { [Name in keyof TaskSearch]: TaskSearch[Name] | undefined }) =>
    void navigate({ search: (before) => changedSearch(before, change), replace: true });
  return (
    <search className="flex flex-wrap gap-3">
      <label className="min-w-40 flex-1 sm:flex-none">
        <span className="sr-only">{t("tasks.state")}</span>
        <select
          value={state ?? ""}
          onChange={({ target }) => look({ state: (target.value || undefined) as TaskState | undefined })}
          className="field"
        >
          <option value="">{t("tasks.all_states")}</option>
          {taskStates.map((name) => (
            <option key={name} value={name}>
              {t(`state.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="min-w-40 flex-1 sm:flex-none">
        <span className="sr-only">{t("agents.capability")}</span>
        <select
          value={capability ?? ""}
          onChange={({ target }) => look({ capability: target.value || undefined })}
          className="field"
        >
          <option value="">{t("agents.all_capabilities")}</option>
          {capabilities.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {isSignedIn && (
        <label className="flex min-h-10 items-center gap-2">
          <input
            type="checkbox"
            checked={isMine}
            onChange={({ target }) => look({ mine: target.checked || undefined })}
            className="size-4 accent-(--sea)"
          />
          {t("tasks.mine")}
        </label>
      )}
    </search>
  );
}

interface TaskListProps {
  tasks: readonly TaskSummary[];
  hasMore: boolean;
  onMore: () => void;
}

function TaskList({ tasks, hasMore, onMore }: TaskListProps) {
  const { t } = useText();
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop((list.current?.getBoundingClientRect().top ?? 0) + scrollY), []);
  const rows = useWindowVirtualizer({
    count: tasks.length,
    estimateSize: () => (NARROW.matches ? NARROW_ROW_PX : ROW_PX),
    overscan: AHEAD,
    scrollMargin: top,
    getItemKey: (at) => tasks[at]!.id,
  });
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= tasks.length - AHEAD) onMore();
  }, [hasMore, last, tasks.length, onMore]);
  return (
    <div className="card p-1.5">
      <ul
        ref={list}
        aria-label={t("tasks.title")}
        className="@container relative"
        style={{ height: rows.getTotalSize() }}
      >
        {drawn.map(({ index, key, start }) => (
          <li
            key={key}
            aria-setsize={hasMore ? -1 : tasks.length}
            aria-posinset={index + 1}
            data-index={index}
            ref={rows.measureElement}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <TaskRow task={tasks[index]!} />
          </li>
        ))}
      </ul>
    </div>
  );
}
