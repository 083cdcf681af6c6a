import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useNodeName } from "../../data/nodes.ts";
import { type PastAward, recentAwardsQuery } from "../../data/rounds.ts";
import { useAmount } from "../../parts/amount.tsx";
import { Columns } from "../../parts/columns.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/page.tsx";
import { useText } from "../../text/use-text.ts";

const SHOWN = 32;

interface RecentPricesProps {
  capability?: string | undefined;
  agentVersion?: string;
  /** Whether it leads to the auctions. */
  hasLink?: boolean;
}

/** What the newest awards were made at, a column each, the newest last; of one capability, of one agent, or all. */
export function RecentPrices({ capability, agentVersion, hasLink = false }: RecentPricesProps) {
  const { t } = useText();
  const queryClient = useQueryClient();
  const query = useQuery(recentAwardsQuery(queryClient));
  return (
    <Panel
      title={t("prices.title")}
      className="grid-rows-[auto_1fr] !content-stretch"
      note={
        hasLink ? (
          <Link to="/auctions">{t("prices.all")}</Link>
        ) : (
          (capability ?? (agentVersion === undefined && t("agents.all_capabilities")))
        )
      }
    >
      <Loaded query={query} skeleton={<div className="shimmer h-[12rem] sm:h-[10.75rem]" />}>
        {(awards) => {
          const shown = awards.filter(
            (award) =>
              (capability === undefined || award.capability === capability) &&
              (agentVersion === undefined || award.agentVersion === agentVersion),
          );
          if (shown.length === 0) return <Empty title={t("prices.empty")}>{t("prices.empty_note")}</Empty>;
          return <Prices awards={shown.slice(0, SHOWN)} />;
        }}
      </Loaded>
    </Panel>
  );
}

function Prices({ awards }: { awards: readonly PastAward[] }) {
  const { t } = useText();
  const write = useAmount();
  const nameOf = useNodeName();
  return (
    <div className="grid grid-rows-[1fr_auto] gap-2">
      <Columns
        label={t("prices.label")}
        places={SHOWN}
        columns={awards.toReversed().map((award, at) => ({
          key: award.taskId + award.madeAt,
          value: BigInt(award.price),
          tone: at === awards.length - 1 ? "gold" : "sea",
          to: `/auctions/${award.roundId}`,
          label: t("prices.one", {
            price: write(award.price),
            capability: award.capability,
            node: nameOf(award.node),
          }),
        }))}
      />
      <p className="text-sm text-quiet">{t("prices.legend")}</p>
    </div>
  );
}
