import { useQuery } from "@tanstack/react-query";
import type { ChainSync, MarketInfo, Ready } from "@stoa/protocol";
import { CircleCheck, CircleX } from "lucide-react";
import { chainSyncQuery, marketQuery } from "../../data/market.ts";
import { useLive } from "../../market/live.ts";
import { Amount } from "../../parts/amount.tsx";
import { writeDuration } from "../../parts/duration.ts";
import { Facts } from "../../parts/facts.tsx";
import { IdText } from "../../parts/id-text.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { useText } from "../../text/use-text.ts";

const EVERY_MS = 5_000;

/** Whether every part of the market is well, how far it has read its chain, and on what terms it works. */
export function Status() {
  const { t } = useText();
  const market = useQuery(marketQuery);
  const sync = useQuery(chainSyncQuery);
  return (
    <Page title={t("status.title")} lead={t("status.lead")}>
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Health />
        <Panel title={t("status.chain")}>
          <Loaded query={sync} skeleton={<Lines count={4} className="h-5" />}>
            {(sync) => <ChainFacts sync={sync} />}
          </Loaded>
        </Panel>
        <Panel title={t("status.terms")} className="lg:col-span-2">
          <Loaded query={market} skeleton={<div className="shimmer h-[22rem] lg:h-[12.75rem]" />}>
            {(market) => <Terms market={market} />}
          </Loaded>
        </Panel>
      </div>
    </Page>
  );
}

function Health() {
  const { t } = useText();
  const live = useLive();
  const query = useQuery({ queryKey: ["ready"], queryFn: readReadiness, refetchInterval: EVERY_MS });
  return (
    <Panel title={t("status.parts")}>
      <Loaded query={query} skeleton={<Lines count={3} className="h-6" />}>
        {({ checks }) => (
          <ul className="grid gap-3">
            {[["live", live === "live" ? "ok" : t(`live.${live}`)] as const, ...Object.entries(checks)].map(
              ([name, said]) => (
                <li key={name} className="flex items-center gap-3">
                  {said === "ok" ? (
                    <CircleCheck className="size-5 shrink-0 text-leaf" aria-hidden />
                  ) : (
                    <CircleX className="size-5 shrink-0 text-brick" aria-hidden />
                  )}
                  <span className="font-medium">{name === "live" ? t("status.live") : name}</span>
                  <span className="ms-auto text-quiet">{said === "ok" ? t("status.well") : said}</span>
                </li>
              ),
            )}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

/** A market that is not ready says so with what is missing: that is an answer, not a failure. */
async function readReadiness(): Promise<Ready> {
  const response = await fetch("/ready", { headers: { accept: "application/json" } });
  return (await response.json()) as Ready;
}

function ChainFacts({ sync }: { sync: ChainSync }) {
  const { t, language } = useText();
  const block = (number: number | null) => (number === null ? "–" : number.toLocaleString(language));
  return (
    <Facts
      facts={[
        [t("status.chain_id"), sync.chainId],
        [
          t("status.head"),
          <span key="head" className="tabular">
            {block(sync.head)}
          </span>,
        ],
        [
          t("status.ledger"),
          <span key="ledger" className="tabular">
            {block(sync.ledger)}
          </span>,
        ],
        [t("status.confirmations"), sync.confirmations],
      ]}
    />
  );
}

function Terms({ market }: { market: MarketInfo }) {
  const { t, language } = useText();
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 });
  const time = (seconds: number) => writeDuration(seconds, language);
  return (
    <div className="grid gap-x-10 gap-y-2 lg:grid-cols-2">
      <Facts
        facts={[
          [t("status.version"), market.version],
          [t("status.token"), market.token.symbol],
          [t("status.fee"), percent.format(market.feeBps / 10_000)],
          [t("status.bond"), <Amount key="bond" units={market.minBond} />],
          [t("status.round"), time(market.roundWindowMs / 1_000)],
          [t("status.approval"), time(market.approvalWindowSeconds)],
          [t("status.withdrawal"), time(market.withdrawDelaySeconds)],
        ]}
      />
      <Facts
        facts={[
          [t("status.vault"), <IdText key="vault" id={market.vault} label={t("status.vault")} />],
          [t("status.operator"), <IdText key="operator" id={market.operator} label={t("status.operator")} />],
          [t("status.token_at"), <IdText key="token" id={market.token.address} label={t("status.token_at")} />],
          [
            t("status.anchors"),
            market.anchors && <IdText key="anchors" id={market.anchors} label={t("status.anchors")} />,
          ],
          [
            t("status.paymaster"),
            market.paymaster && <IdText key="paymaster" id={market.paymaster} label={t("status.paymaster")} />,
          ],
        ]}
      />
    </div>
  );
}
