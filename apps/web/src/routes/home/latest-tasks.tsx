import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { tasksQuery } from "../../data/tasks.ts";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/page.tsx";
import { TaskRow } from "../../parts/task-row.tsx";
import { useText } from "../../text/use-text.ts";

const SHOWN = 6;

export function LatestTasks() {
  const { t } = useText();
  const query = useInfiniteQuery(tasksQuery());
  return (
    <Panel title={t("latest.title")} note={<Link to="/tasks">{t("latest.all")}</Link>}>
      <Loaded query={query} skeleton={<Lines count={SHOWN} className="h-12" />}>
        {({ pages }) => {
          const tasks = pages[0]?.items.slice(0, SHOWN) ?? [];
          if (tasks.length === 0) return <Empty title={t("latest.empty")}>{t("latest.empty_note")}</Empty>;
          return (
            <ul className="@container -mx-3 grid">
              {tasks.map((task) => (
                <li key={task.id}>
                  <TaskRow task={task} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Panel>
  );
}
