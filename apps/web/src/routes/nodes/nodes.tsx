import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Node } from "@stoa/protocol";
import { nodesQuery } from "../../data/nodes.ts";
import { Amount } from "../../parts/amount.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Online } from "../../parts/online.tsx";
import { Page } from "../../parts/page.tsx";
import { shortId } from "../../parts/short-id.ts";
import { Slots } from "../../parts/slots.tsx";
import { Stat, Stats } from "../../parts/stat.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";

/** Who does the work: every node with its capacity, stake and record. */
export function Nodes() {
  const { t } = useText();
  const query = useQuery(nodesQuery);
  return (
    <Page title={t("nodes.title")} lead={t("nodes.lead")}>
      <Loaded query={query} skeleton={<Lines count={4} className="h-28" />}>
        {(nodes) => {
          if (nodes.length === 0)
            return (
              <div className="card">
                <Empty title={t("nodes.empty")}>
                  <code className="font-mono text-sm">npx stoa node start</code>
                </Empty>
              </div>
            );
          const online = nodes.filter((node) => node.online);
          const sum = (of: (node: Node) => number) => online.reduce((total, node) => total + of(node), 0);
          const stake = nodes.reduce((total, node) => total + BigInt(node.stake), 0n);
          return (
            <>
              <Stats>
                <Stat name={t("nodes.online")} value={online.length} note={t("nodes.of", { count: nodes.length })} />
                <Stat
                  name={t("nodes.busy")}
                  value={sum(({ running }) => running)}
                  note={t("nodes.slots", { count: sum(({ slots }) => slots) })}
                />
                <Stat
                  name={t("nodes.delivered")}
                  value={nodes.reduce((total, node) => total + node.awards.delivered, 0)}
                  note={t("nodes.delivered_note")}
                />
                <Stat name={t("nodes.stake")} value={<Amount units={stake} />} note={t("nodes.stake_note")} />
              </Stats>
              <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
                {nodes.map((node) => (
                  <li key={node.id} className="grid">
                    <NodeCard node={node} />
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function NodeCard({ node }: { node: Node }) {
  const { t } = useText();
  return (
    <article className="card relative grid gap-4 p-4 transition-colors hover:border-line-strong">
      <div className="flex items-start justify-between gap-3">
        <h2 className="min-w-0 text-base">
          <Link
            to="/nodes/$id"
            params={{ id: node.id }}
            className="text-ink no-underline after:absolute after:inset-0 after:rounded-xl"
          >
            {node.name || shortId(node.id)}
          </Link>
          <bdi className="block font-mono text-xs font-normal text-quiet">{shortId(node.id)}</bdi>
        </h2>
        <Online isOnline={node.online} />
      </div>
      <Slots slots={node.slots} running={node.running} />
      <dl className="grid grid-cols-3 gap-2 border-t pt-3 text-sm">
        <div>
          <dt className="text-quiet">{t("node.delivered")}</dt>
          <dd className="font-medium tabular">{node.awards.delivered}</dd>
        </div>
        <div>
          <dt className="text-quiet">{t("node.faults")}</dt>
          <dd className="font-medium tabular">{node.awards.faulted}</dd>
        </div>
        <div>
          <dt className="text-quiet">{t("node.seen")}</dt>
          <dd className="font-medium">
            <TimeAgo at={node.seenAt} />
          </dd>
        </div>
      </dl>
    </article>
  );
}
