import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { AgentSummary } from "@stoa/protocol";
import { Search } from "lucide-react";
import { useDeferredValue } from "react";
import { agentsQuery } from "../../data/agents.ts";
import { recentAwardsQuery } from "../../data/rounds.ts";
import { Amount } from "../../parts/amount.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";
import { agentOrders, type AgentSearch, changedSearch } from "../search.ts";

const route = getRouteApi("/agents");

/** The marketplace: every agent on offer, searched as one types. */
export function Agents() {
  const { t } = useText();
  const { q = "", capability, sort = "new" } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery(agentsQuery);
  const words = useDeferredValue(q);
  const capabilities = [...new Set(query.data?.flatMap((agent) => agent.capabilities))].sort();
  const look = (change: { [Name in keyof AgentSearch]: AgentSearch[Name] | undefined }) =>
    void navigate({ search: (before) => changedSearch(before, change), replace: true, resetScroll: false });
  return (
    <Page title={t("agents.title")} lead={t("agents.lead")}>
      <search className="grid gap-3 sm:grid-cols-[1fr_auto_auto]">
        <label className="relative">
          <span className="sr-only">{t("agents.search")}</span>
          <Search className="absolute start-3 top-3 size-4 text-quiet" aria-hidden />
          <input
            type="search"
            value={q}
            placeholder={t("agents.search")}
            onChange={({ target }) => look({ q: target.value })}
            className="field !ps-9"
          />
        </label>
        <label>
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
        <label>
          <span className="sr-only">{t("agents.sort.label")}</span>
          <select
            value={sort}
            onChange={({ target }) => look({ sort: target.value as NonNullable<AgentSearch["sort"]> })}
            className="field"
          >
            {agentOrders.map((name) => (
              <option key={name} value={name}>
                {t(`agents.sort.${name}`)}
              </option>
            ))}
          </select>
        </label>
      </search>
      <Loaded query={query} skeleton={<Lines count={3} className="h-44" />}>
        {(agents) => {
          const found = sorted(
            agents.filter((agent) => fits(agent, words, capability)),
            sort,
          );
          if (agents.length === 0)
            return (
              <div className="card">
                <Empty title={t("agents.empty")}>
                  <code className="font-mono text-sm">npx stoa agent publish</code>
                </Empty>
              </div>
            );
          return (
            <>
              <p className="text-sm text-quiet" aria-live="polite">
                {t("agents.found", { count: found.length })}
              </p>
              {found.length === 0 ? (
                <div className="card">
                  <Empty title={t("agents.none_found")}>{t("agents.none_found_note")}</Empty>
                </div>
              ) : (
                <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
                  {found.map((agent) => (
                    <li key={agent.versionId} className="grid">
                      <AgentCard agent={agent} />
                    </li>
                  ))}
                </ul>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function AgentCard({ agent }: { agent: AgentSummary }) {
  const { t } = useText();
  const queryClient = useQueryClient();
  const awards = useQuery(recentAwardsQuery(queryClient)).data ?? [];
  const last = awards.find(({ agentVersion }) => agentVersion === agent.versionId);
  return (
    <article className="card relative grid grid-rows-[auto_1fr_auto] gap-3 p-4 transition-colors hover:border-line-strong">
      <div className="grid gap-0.5">
        <h2 className="text-base">
          <Link
            to="/agents/$id"
            params={{ id: agent.versionId }}
            className="text-ink no-underline after:absolute after:inset-0 after:rounded-xl"
          >
            {agent.name}
          </Link>
          <span className="ms-2 text-sm font-normal text-quiet">{agent.version}</span>
        </h2>
        <p className="flex flex-wrap gap-1.5">
          {agent.capabilities.map((name) => (
            <span key={name} className="rounded-md bg-sea-soft px-2 font-mono text-xs leading-6 text-sea">
              {name}
            </span>
          ))}
        </p>
      </div>
      <p className="line-clamp-3 text-sm text-quiet">{agent.description}</p>
      <dl className="grid grid-cols-3 gap-2 border-t pt-3 text-sm">
        <div>
          <dt className="text-quiet">{t("agents.last_price")}</dt>
          <dd className="font-medium">{last ? <Amount units={last.price} /> : t("agents.never")}</dd>
        </div>
        <div>
          <dt className="text-quiet">{t("agents.hosts")}</dt>
          <dd className="font-medium tabular">{t("agents.nodes", { count: agent.nodes })}</dd>
        </div>
        <div>
          <dt className="text-quiet">{t("agents.published")}</dt>
          <dd className="font-medium">
            <TimeAgo at={agent.publishedAt} />
          </dd>
        </div>
      </dl>
    </article>
  );
}

/** Every word stands somewhere in what the agent says of itself. */
function fits(agent: AgentSummary, words: string, capability: string | undefined): boolean {
  if (capability !== undefined && !agent.capabilities.includes(capability)) return false;
  const said = `${agent.name} ${agent.description} ${agent.capabilities.join(" ")}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function sorted(agents: AgentSummary[], by: NonNullable<AgentSearch["sort"]>): AgentSummary[] {
  if (by === "name") return agents.toSorted((a, b) => a.name.localeCompare(b.name));
  if (by === "hosts") return agents.toSorted((a, b) => b.nodes - a.nodes);
  if (by === "royalty") return agents.toSorted((a, b) => Number(BigInt(a.royalty) - BigInt(b.royalty)));
  return agents;
}
