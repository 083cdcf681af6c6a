import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { AgentMatch, AgentSummary } from "@stoa/protocol";
import type { ReactNode } from "react";
import { recentAwardsQuery } from "../../data/rounds.ts";
import { Amount } from "../../parts/amount.tsx";
import { writeDuration } from "../../parts/duration.ts";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";

/** An agent as lists have it, or with its record and why it was found. */
export type FoundAgent = AgentSummary & Partial<Pick<AgentMatch, "record" | "found">>;

/** An agent in the marketplace: what it says of itself, and what is known of it. */
export function AgentCard({ agent }: { agent: FoundAgent }) {
  const { t, language } = useText();
  const queryClient = useQueryClient();
  const awards = useQuery(recentAwardsQuery(queryClient)).data ?? [];
  const last = awards.find(({ agentVersion }) => agentVersion === agent.versionId);
  const { record, found } = agent;
  const price = record?.price ?? last?.price;
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
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
      <div className="grid content-start gap-1.5">
        <p className="line-clamp-3 text-sm text-quiet">{agent.description}</p>
        {found && <Why found={found} />}
      </div>
      <dl className="grid grid-cols-3 gap-2 border-t pt-3 text-sm">
        <Fact name={t("agents.last_price")}>{price ? <Amount units={price} /> : t("agents.never")}</Fact>
        {record ? (
          <>
            <Fact name={t("agents.duration")}>
              {record.durationMs === null ? t("agents.never") : writeDuration(record.durationMs / 1_000, language)}
            </Fact>
            <Fact name={t("agents.reputation")}>
              {record.reputation === 0 ? t("agents.never") : percent.format(record.reputation)}
            </Fact>
          </>
        ) : (
          <>
            <Fact name={t("agents.hosts")}>{t("agents.nodes", { count: agent.nodes })}</Fact>
            <Fact name={t("agents.published")}>
              <TimeAgo at={agent.publishedAt} />
            </Fact>
          </>
        )}
      </dl>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-quiet">{name}</dt>
      <dd className="font-medium tabular">{children}</dd>
    </div>
  );
}

/** Why it was found, where the words alone do not tell. */
function Why({ found: { text, spelling, meaning } }: { found: AgentMatch["found"] }) {
  const { t } = useText();
  const [near] = spelling;
  if (near) return <p className="text-sm text-gold">{t("agents.by_spelling", { word: near.word, as: near.as })}</p>;
  if (text.length === 0 && meaning !== null) return <p className="text-sm text-gold">{t("agents.by_meaning")}</p>;
  return null;
}
