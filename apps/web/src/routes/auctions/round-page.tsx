import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Round, RoundBids } from "@stoa/protocol";
import { LockKeyhole } from "lucide-react";
import { roundBidsQuery, roundQuery } from "../../data/rounds.ts";
import { Facts } from "../../parts/facts.tsx";
import { IdText } from "../../parts/id-text.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { shortId } from "../../parts/short-id.ts";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { BidPicture } from "../../rounds/bid-picture.tsx";
import { VerifyRound } from "../../rounds/verify-round.tsx";
import { useText } from "../../text/use-text.ts";

const route = getRouteApi("/auctions/$id");
/** Tasks of a round whose bids are drawn. */
const MOST_DRAWN = 20;

/** One clearing: every task and bid of it, what came of it, and the proof. */
export function RoundPage() {
  const { t } = useText();
  const { id } = route.useParams();
  const query = useQuery(roundQuery(id));
  return (
    <Loaded query={query} skeleton={<Lines count={5} className="h-20" />}>
      {(round) => (
        <Page
          title={t("round.title", { capability: round.capability })}
          over={
            <>
              <Link to="/auctions">{t("nav.auctions")}</Link> · <IdText id={round.id} label={t("round.id")} />
            </>
          }
        >
          <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_21rem]">
            <div className="grid min-w-0 gap-5">
              {round.state === "open" ? <Open round={round} /> : <Closed round={round} />}
            </div>
            <About round={round} />
          </div>
        </Page>
      )}
    </Loaded>
  );
}

function Open({ round }: { round: Round }) {
  const { t } = useText();
  return (
    <Panel title={t("round.open")}>
      <div className="flex items-center gap-4 rounded-lg bg-sunken p-4">
        <LockKeyhole className="size-6 shrink-0 text-sea" aria-hidden />
        <div>
          <p className="font-medium">{t("award.sealed", { count: round.nodes })}</p>
          <p className="text-sm text-quiet">{t("award.sealed_note")}</p>
        </div>
      </div>
    </Panel>
  );
}

function Closed({ round }: { round: Round }) {
  const { t } = useText();
  const query = useQuery(roundBidsQuery(round.id));
  return (
    <>
      <Panel title={t("verify.title")}>
        <VerifyRound roundId={round.id} tasks={round.tasks} />
      </Panel>
      <Loaded query={query} skeleton={<div className="shimmer h-[17.25rem] sm:h-64" />}>
        {(bids) => (
          <>
            {tasksOf(round, bids)
              .slice(0, MOST_DRAWN)
              .map((taskId) => (
                <Panel
                  key={taskId}
                  title={t("round.task", { id: shortId(taskId) })}
                  note={
                    <Link to="/tasks/$id" params={{ id: taskId }}>
                      {t("palette.open_task")}
                    </Link>
                  }
                >
                  <BidPicture
                    taskId={taskId}
                    bids={bids}
                    award={round.awards?.find((award) => award.taskId === taskId) ?? null}
                  />
                </Panel>
              ))}
          </>
        )}
      </Loaded>
    </>
  );
}

/** Those awarded first. */
function tasksOf(round: Round, { bids, passes }: RoundBids): string[] {
  const awarded = round.awards?.map(({ taskId }) => taskId) ?? [];
  return [...new Set<string>([...awarded, ...bids.map(({ taskId }) => taskId), ...passes.map(({ taskId }) => taskId)])];
}

function About({ round }: { round: Round }) {
  const { t } = useText();
  return (
    <Panel title={t("round.about")}>
      <Facts
        facts={[
          [t("round.cleared"), t("round.tasks", { count: round.tasks })],
          [t("round.nodes"), t("round.asked", { count: round.nodes })],
          [t("round.awards"), round.awards?.length],
          [t("round.opened_at"), <TimeAgo key="opened" at={round.openedAt} />],
          [t("round.closed_at"), round.closedAt && <TimeAgo key="closed" at={round.closedAt} />],
          [t("round.reason"), round.closeReason?.replaceAll("_", " ")],
          [
            t("round.outcome"),
            round.outcomeHash && <IdText key="hash" id={round.outcomeHash} label={t("round.outcome")} />,
          ],
          [
            t("round.anchor"),
            round.anchor ? (
              <IdText key="anchor" id={round.anchor.txHash} label={t("round.anchor")} />
            ) : (
              round.state === "closed" && t("round.not_anchored")
            ),
          ],
        ]}
      />
    </Panel>
  );
}
