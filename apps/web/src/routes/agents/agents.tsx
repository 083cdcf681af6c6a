import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { agentSearchQuery, agentsQuery } from "../../data/agents.ts";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { useSettled } from "../../parts/use-settled.ts";
import { useText } from "../../text/use-text.ts";
import { AgentCard, type FoundAgent } from "./agent-card.tsx";
import { agentOrders, type AgentSearch, changedSearch } from "../search.ts";

const route = getRouteApi("/agents");
/** So long nobody has typed before the market is asked. */
const SETTLED_MS = 150;

/** The marketplace: every agent on offer, searched as one types. */
export function Agents() {
  const { t } = useText();
  const { q = "", capability, sort = "new" } = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState(q);
  const words = useSettled(text.trim(), text, SETTLED_MS);
  const all = useQuery(agentsQuery);
  const search = useQuery(agentSearchQuery(words, capability));
  const capabilities = [...new Set(all.data?.flatMap((agent) => agent.capabilities))].sort();
  const look = (change: { [Name in keyof AgentSearch]: AgentSearch[Name] | undefined }) =>
    void navigate({ search: (before) => changedSearch(before, change), replace: true, resetScroll: false });
  useEffect(() => {
    if (words !== q) look({ q: words });
    // The address follows the words, and not the other way round: who types is ahead of it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [words]);
  return (
    <Page title={t("agents.title")} lead={t("agents.lead")}>
      <search className="grid gap-3 sm:grid-cols-[1fr_auto_auto]">
        <label className="relative">
          <span className="sr-only">{t("agents.search")}</span>
          <Search className="absolute start-3 top-3 size-4 text-quiet" aria-hidden />
          <input
            type="search"
            value={text}
            placeholder={t("agents.search")}
            onChange={({ target }) => setText(target.value)}
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
                {t(name === "new" && words !== "" ? "agents.sort.best" : `agents.sort.${name}`)}
              </option>
            ))}
          </select>
        </label>
      </search>
      <Loaded<readonly FoundAgent[]>
        query={words === "" ? all : search}
        skeleton={<Lines count={3} className="h-48" />}
      >
        {(agents) => {
          const fitting =
            capability === undefined ? agents : agents.filter((agent) => agent.capabilities.includes(capability));
          const found = sorted(fitting, sort);
          if (words === "" && agents.length === 0)
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

/** As they came, which is the newest or the best first, unless another order was chosen. */
function sorted(agents: readonly FoundAgent[], by: NonNullable<AgentSearch["sort"]>): readonly FoundAgent[] {
  if (by === "name") return agents.toSorted((a, b) => a.name.localeCompare(b.name));
  if (by === "hosts") return agents.toSorted((a, b) => b.nodes - a.nodes);
  if (by === "royalty") return agents.toSorted((a, b) => Number(BigInt(a.royalty) - BigInt(b.royalty)));
  return agents;
}
