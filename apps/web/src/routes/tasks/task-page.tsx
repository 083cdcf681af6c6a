import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Json, Task } from "@stoa/protocol";
import { useNodeName } from "../../data/nodes.ts";
import { busyStates, inputQuery, resultQuery, taskQuery } from "../../data/tasks.ts";
import { Facts } from "../../parts/facts.tsx";
import { IdText } from "../../parts/id-text.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TaskStateBadge } from "../../parts/task-state.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { AwardPanel } from "../../task/award-panel.tsx";
import { Logs } from "../../task/logs.tsx";
import { MoneyPanel } from "../../task/money-panel.tsx";
import { ResultView } from "../../task/result-view.tsx";
import { Stages } from "../../task/stages.tsx";
import { TaskActions } from "../../task/task-actions.tsx";
import { Timeline } from "../../task/timeline.tsx";
import { useText } from "../../text/use-text.ts";
import { useSession } from "../../wallet/use-session.ts";

const route = getRouteApi("/tasks/$id");

/** One task, live from its order to its payment. */
export function TaskPage() {
  const { t } = useText();
  const { id } = route.useParams();
  const query = useQuery(taskQuery(id));
  return (
    <Loaded query={query} skeleton={<Lines count={6} className="h-20" />}>
      {(task) => (
        <Page
          title={task.capability}
          over={
            <>
              <Link to="/tasks">{t("nav.tasks")}</Link> · <IdText id={task.id} label={t("task.id")} />
            </>
          }
          actions={<TaskStateBadge state={task.state} />}
        >
          <TaskBody task={task} />
        </Page>
      )}
    </Loaded>
  );
}

function TaskBody({ task }: { task: Task }) {
  const account = useSession();
  const isMine = account?.address?.toLowerCase() === task.requester.toLowerCase();
  return (
    <div className="grid gap-5">
      <div className="card grid gap-4 p-4 sm:p-5">
        <Stages task={task} />
        {isMine && <TaskActions task={task} />}
      </div>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 gap-5">
          {isMine && <Result task={task} />}
          <AwardPanel task={task} />
          {isMine && task.award && <Logs taskId={task.id} isRunning={task.state === "running"} />}
          {isMine && <Input task={task} />}
        </div>
        <div className="grid min-w-0 gap-5">
          <Timeline task={task} />
          <MoneyPanel task={task} />
          <About task={task} isMine={isMine} />
        </div>
      </div>
    </div>
  );
}

function Result({ task }: { task: Task }) {
  const { t } = useText();
  const query = useQuery(resultQuery(task.id, task.result !== undefined));
  // Its place is kept from the start, so that nothing below it moves far when it comes.
  if (!task.result)
    return (
      <Panel title={t("result.title")}>
        <p className="grid min-h-28 place-items-center rounded-lg bg-sunken px-4 text-center text-quiet">
          {t(busyStates.has(task.state) ? "result.to_come" : "result.none")}
        </p>
      </Panel>
    );
  return (
    <Panel title={t("result.title")} note={t("result.checked")}>
      <Loaded query={query} skeleton={<Lines count={4} className="h-6" />}>
        {({ output }) => <ResultView output={output as Json} name={task.capability} />}
      </Loaded>
    </Panel>
  );
}

function Input({ task }: { task: Task }) {
  const { t } = useText();
  const query = useQuery(inputQuery(task.id, true));
  return (
    <details className="card p-4 sm:p-5">
      <summary className="font-semibold">{t("task.input")}</summary>
      <div className="pt-3">
        <Loaded query={query}>
          {({ input }) => (
            <pre
              tabIndex={0}
              aria-label={t("task.input")}
              className="max-h-80 overflow-auto rounded-lg bg-sunken p-4 font-mono text-xs leading-relaxed whitespace-pre-wrap"
            >
              {JSON.stringify(input, null, 2)}
            </pre>
          )}
        </Loaded>
      </div>
    </details>
  );
}

function About({ task, isMine }: { task: Task; isMine: boolean }) {
  const { t } = useText();
  const nameOf = useNodeName();
  const { award } = task;
  return (
    <Panel title={t("task.about")}>
      <Facts
        facts={[
          [
            t("task.requester"),
            isMine ? t("task.you") : <IdText key="who" id={task.requester} label={t("task.requester")} />,
          ],
          [
            t("task.node"),
            award && (
              <Link key="node" to="/nodes/$id" params={{ id: award.node }}>
                {nameOf(award.node)}
              </Link>
            ),
          ],
          [
            t("task.agent"),
            award && (
              <Link key="agent" to="/agents/$id" params={{ id: award.agentVersion }}>
                {t("task.open_agent")}
              </Link>
            ),
          ],
          [t("task.ordered"), <TimeAgo key="at" at={task.openedAt} />],
          [t("task.deadline"), <TimeAgo key="by" at={task.deliverBy} />],
          [t("task.memo"), task.spec.memo],
        ]}
      />
      {!isMine && <p className="text-sm text-quiet">{t("task.private")}</p>}
    </Panel>
  );
}
