import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { RoundSummary } from "@stoa/protocol";
import { type PastAward, recentAwardsQuery, roundsQuery } from "../../data/rounds.ts";
import { useAmount } from "../../parts/amount.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { shortId } from "../../parts/short-id.ts";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";
import { RecentPrices } from "../home/recent-prices.tsx";

const route = getRouteApi("/auctions");

/** The market as it clears: what things cost now, and every round. */
export function Auctions() {
  const { t } = useText();
  const { capability } = route.useSearch();
  const rounds = useInfiniteQuery(roundsQuery(capability ? { capability } : {}));
  return (
    <Page title={t("auctions.title")} lead={t("auctions.lead")}>
      <div className="grid gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <RecentPrices capability={capability} />
        <PriceByCapability chosen={capability} />
      </div>
      <Panel title={t("auctions.rounds")} note={capability ?? t("agents.all_capabilities")}>
        <Loaded query={rounds} skeleton={<Lines count={6} className="h-12" />}>
          {({ pages }) => {
            const items = pages.flatMap(({ items }) => items);
            if (items.length === 0) return <Empty title={t("auctions.empty")}>{t("auctions.empty_note")}</Empty>;
            return (
              <>
                <ul className="@container -mx-3 grid">
                  {items.map((round) => (
                    <li key={round.id}>
                      <RoundRow round={round} />
                    </li>
                  ))}
                </ul>
                {rounds.hasNextPage && (
                  <Button isBusy={rounds.isFetchingNextPage} onClick={() => void rounds.fetchNextPage()}>
                    {t("auctions.more")}
                  </Button>
                )}
              </>
            );
          }}
        </Loaded>
      </Panel>
    </Page>
  );
}

function RoundRow({ round }: { round: RoundSummary }) {
  const { t } = useText();
  return (
    <Link
      to="/auctions/$id"
      params={{ id: round.id }}
      className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 rounded-lg px-3 py-2 text-ink no-underline hover:bg-sunken @2xl:min-h-12 @2xl:grid-cols-[minmax(0,1fr)_7rem_20rem_6.5rem]"
    >
      <span className="truncate font-medium">{round.capability}</span>
      <span
        className={`w-fit justify-self-end rounded-full px-2.5 py-0.5 text-[0.8125rem] font-medium @2xl:justify-self-start ${round.state === "open" ? "bg-gold-soft text-gold" : "bg-sunken text-quiet"}`}
      >
        {t(`round.${round.state}`)}
      </span>
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-3 text-sm text-quiet @2xl:justify-between">
        <bdi className="font-mono text-xs">{shortId(round.id)}</bdi>
        <span>
          {t("round.tasks", { count: round.tasks })} · {t("round.asked", { count: round.nodes })}
        </span>
      </span>
      <TimeAgo at={round.closedAt ?? round.openedAt} className="text-end text-sm text-quiet" />
    </Link>
  );
}

/** The lowest, middle and highest of the newest prices, for each capability. */
function PriceByCapability({ chosen }: { chosen: string | undefined }) {
  const { t } = useText();
  const write = useAmount();
  const queryClient = useQueryClient();
  const query = useQuery(recentAwardsQuery(queryClient));
  return (
    <Panel title={t("auctions.by_capability")} note={chosen && <Link to="/auctions">{t("auctions.show_all")}</Link>}>
      <Loaded query={query} skeleton={<div className="shimmer h-[4.75rem] lg:h-[13.75rem]" />}>
        {(awards) => {
          const groups = [...Map.groupBy(awards, ({ capability }) => capability)].toSorted(([a], [b]) =>
            a.localeCompare(b),
          );
          if (groups.length === 0)
            return <p className="min-h-[4.75rem] text-quiet lg:min-h-[13.75rem]">{t("prices.empty")}</p>;
          return (
            <ul className="flex h-[4.75rem] gap-2 overflow-x-auto [scrollbar-width:none] lg:grid lg:h-[13.75rem] lg:content-start lg:overflow-y-auto">
              {groups.map(([capability, own]) => {
                const { low, middle, high } = spread(own);
                return (
                  <li key={capability} className="min-w-60 lg:min-w-0">
                    <Link
                      to="/auctions"
                      search={{ capability }}
                      aria-current={capability === chosen}
                      className="grid gap-0.5 rounded-lg border p-3 text-ink no-underline hover:border-line-strong aria-[current=true]:border-sea"
                    >
                      <span className="flex justify-between gap-3 font-medium">
                        <span className="truncate">{capability}</span>
                        <bdi className="tabular whitespace-nowrap">{write(middle)}</bdi>
                      </span>
                      <span className="text-sm text-quiet">
                        {t("auctions.spread", {
                          count: own.length,
                          low: write(low, { bare: true }),
                          high: write(high, { bare: true }),
                        })}
                      </span>
                    </Link>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function spread(awards: readonly PastAward[]): { low: string; middle: string; high: string } {
  const prices = awards.map(({ price }) => price).toSorted((a, b) => Number(BigInt(a) - BigInt(b)));
  return { low: prices[0]!, middle: prices[Math.floor(prices.length / 2)]!, high: prices.at(-1)! };
}
