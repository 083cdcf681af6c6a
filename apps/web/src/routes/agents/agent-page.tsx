import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Agent } from "@stoa/protocol";
import { Tabs } from "radix-ui";
import { agentQuery, versionsQuery } from "../../data/agents.ts";
import { tasksQuery } from "../../data/tasks.ts";
import { OrderForm } from "../../order/order-form.tsx";
import { Amount } from "../../parts/amount.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Facts } from "../../parts/facts.tsx";
import { IdText } from "../../parts/id-text.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { TaskRow } from "../../parts/task-row.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";
import { RecentPrices } from "../home/recent-prices.tsx";
import { AgentReach } from "./agent-reach.tsx";

const route = getRouteApi("/agents/$id");
const tabs = ["run", "about", "recent", "versions"] as const;

/** One agent version: order from it, see what it may touch, what it did, and its other versions. */
export function AgentPage() {
  const { t } = useText();
  const { id } = route.useParams();
  const query = useQuery(agentQuery(id));
  return (
    <Loaded query={query} skeleton={<Lines count={5} className="h-16" />}>
      {(agent) => (
        <Page
          title={agent.name}
          over={
            <>
              <Link to="/agents">{t("nav.agents")}</Link> · {t("agent.version", { version: agent.version })}
              {agent.state === "retired" && ` · ${t("agent.retired")}`}
            </>
          }
          lead={agent.description}
        >
          <Tabs.Root defaultValue="run" className="grid gap-5">
            <Tabs.List aria-label={agent.name} className="flex gap-1 overflow-x-auto border-b">
              {tabs.map((name) => (
                <Tabs.Trigger
                  key={name}
                  value={name}
                  className="min-h-11 border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-quiet hover:text-ink data-[state=active]:border-sea data-[state=active]:text-sea"
                >
                  {t(`agent.tab.${name}`)}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
            <Tabs.Content value="run">
              <OrderForm
                capability={agent.capabilities[0]!}
                agentVersion={agent.versionId}
                schema={agent.manifest.input}
              />
            </Tabs.Content>
            <Tabs.Content value="about">
              <About agent={agent} />
            </Tabs.Content>
            <Tabs.Content value="recent" className="grid gap-5">
              <RecentPrices agentVersion={agent.versionId} />
              <RecentTasks agent={agent} />
            </Tabs.Content>
            <Tabs.Content value="versions">
              <Versions agent={agent} />
            </Tabs.Content>
          </Tabs.Root>
        </Page>
      )}
    </Loaded>
  );
}

function About({ agent }: { agent: Agent }) {
  const { t } = useText();
  const { manifest } = agent;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <AgentReach manifest={manifest} />
      <Panel title={t("agent.facts")}>
        <Facts
          facts={[
            [t("agent.capabilities"), agent.capabilities.join(", ")],
            [t("agent.royalty"), <Amount key="royalty" units={agent.royalty} />],
            [t("agent.creator"), <IdText key="creator" id={agent.creator} label={t("agent.creator")} />],
            [t("agent.version_id"), <IdText key="version" id={agent.versionId} label={t("agent.version_id")} />],
            [t("agent.kind"), manifest.artifact.kind],
            [t("agent.licence"), manifest.licence],
            [t("agents.hosts"), t("agents.nodes", { count: agent.nodes })],
            [t("agents.published"), <TimeAgo key="published" at={agent.publishedAt} />],
          ]}
        />
      </Panel>
      <Panel title={t("agent.manifest")} note={t("agent.manifest_note")} className="lg:col-span-2">
        <pre
          tabIndex={0}
          aria-label={t("agent.manifest")}
          className="max-h-[32rem] overflow-auto rounded-lg bg-sunken p-4 font-mono text-xs leading-relaxed"
        >
          {JSON.stringify(manifest, null, 2)}
        </pre>
      </Panel>
    </div>
  );
}

function RecentTasks({ agent }: { agent: Agent }) {
  const { t } = useText();
  const query = useInfiniteQuery(tasksQuery({ capability: agent.capabilities[0]! }));
  return (
    <Panel title={t("agent.tab.recent")} note={t("agent.recent_note", { capability: agent.capabilities[0] })}>
      <Loaded query={query} skeleton={<Lines count={4} className="h-12" />}>
        {({ pages }) => {
          const tasks = pages[0]?.items.slice(0, 20) ?? [];
          if (tasks.length === 0) return <Empty title={t("agent.no_recent")} />;
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

function Versions({ agent }: { agent: Agent }) {
  const { t } = useText();
  const query = useQuery(versionsQuery(agent.name, agent.creator));
  return (
    <Panel title={t("agent.tab.versions")}>
      <Loaded query={query}>
        {(versions) => (
          <ul className="grid divide-y">
            {versions.map(({ versionId, version, publishedAt, state }) => (
              <li key={versionId} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
                <Link to="/agents/$id" params={{ id: versionId }} aria-current={versionId === agent.versionId}>
                  {version}
                </Link>
                <span className="text-sm text-quiet">{t(`agent.state.${state}`)}</span>
                <TimeAgo at={publishedAt} className="ms-auto text-sm text-quiet" />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
