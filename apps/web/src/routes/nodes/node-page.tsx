import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Node } from "@stoa/protocol";
import { agentQuery } from "../../data/agents.ts";
import { nodeQuery } from "../../data/nodes.ts";
import { Amount } from "../../parts/amount.tsx";
import { Facts } from "../../parts/facts.tsx";
import { IdText } from "../../parts/id-text.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Online } from "../../parts/online.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { shortId } from "../../parts/short-id.ts";
import { Slots } from "../../parts/slots.tsx";
import { Stat, Stats } from "../../parts/stat.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";

const route = getRouteApi("/nodes/$id");

/** One node: its capacity, what it stands to lose, its record, and what it hosts. */
export function NodePage() {
  const { t } = useText();
  const { id } = route.useParams();
  const query = useQuery(nodeQuery(id));
  return (
    <Loaded query={query} skeleton={<Lines count={5} className="h-20" />}>
      {(node) => (
        <Page
          title={node.name || shortId(node.id)}
          over={
            <>
              <Link to="/nodes">{t("nav.nodes")}</Link> · <IdText id={node.id} label={t("node.id")} />
            </>
          }
          actions={<Online isOnline={node.online} />}
        >
          <NodeBody node={node} />
        </Page>
      )}
    </Loaded>
  );
}

function NodeBody({ node }: { node: Node }) {
  const { t } = useText();
  const { awards, faults } = node;
  const ended = awards.delivered + awards.failed + awards.faulted;
  return (
    <>
      <Stats>
        <Stat name={t("node.capacity")} value={<Slots slots={node.slots} running={node.running} />} />
        <Stat
          name={t("node.delivered")}
          value={awards.delivered}
          note={ended > 0 && t("node.rate", { percent: Math.round((awards.delivered / ended) * 100) })}
        />
        <Stat name={t("node.stake")} value={<Amount units={node.stake} />} note={t("node.stake_note")} />
        <Stat name={t("node.bonded")} value={<Amount units={node.bonded} />} note={t("node.bonded_note")} />
      </Stats>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Panel title={t("node.record")}>
          <Facts
            facts={[
              [t("node.agent_errors"), awards.failed],
              [t("node.refused"), faults.refused],
              [t("node.not_started"), faults.notStarted],
              [t("node.not_delivered"), faults.notDelivered],
              [t("node.damages"), <Amount key="damages" units={faults.damages} />],
              [
                t("node.last_fault"),
                faults.last ? (
                  <Link key="last" to="/tasks/$id" params={{ id: faults.last.taskId }}>
                    {faults.last.reason.replaceAll("_", " ")} <TimeAgo at={faults.last.at} />
                  </Link>
                ) : (
                  t("node.no_fault")
                ),
              ],
              [t("node.provider"), <IdText key="provider" id={node.provider} label={t("node.provider")} />],
              [t("node.linked"), <TimeAgo key="linked" at={node.linkedAt} />],
              [t("node.seen"), <TimeAgo key="seen" at={node.seenAt} />],
            ]}
          />
        </Panel>
        <Hosted ids={node.agents} />
      </div>
    </>
  );
}

function Hosted({ ids }: { ids: readonly string[] }) {
  const { t } = useText();
  const agents = useQueries({ queries: ids.map((id) => agentQuery(id)) });
  return (
    <Panel title={t("node.hosted")} note={t("node.agents", { count: ids.length })}>
      {ids.length === 0 && <p className="text-quiet">{t("node.hosts_none")}</p>}
      <ul className="grid divide-y">
        {ids.map((id, at) => {
          const agent = agents[at]?.data;
          return (
            <li key={id} className="flex flex-wrap items-baseline gap-x-3 py-2.5">
              <Link to="/agents/$id" params={{ id }}>
                {agent ? `${agent.name} ${agent.version}` : shortId(id)}
              </Link>
              <span className="ms-auto font-mono text-xs text-quiet">{agent?.capabilities.join(", ")}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
