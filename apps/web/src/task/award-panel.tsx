import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Task } from "@stoa/protocol";
import { LockKeyhole } from "lucide-react";
import { roundBidsQuery, roundQuery, roundsQuery } from "../data/rounds.ts";
import { Loaded } from "../parts/loaded.tsx";
import { Panel } from "../parts/page.tsx";
import { BidPicture } from "../rounds/bid-picture.tsx";
import { VerifyRound } from "../rounds/verify-round.tsx";
import { useText } from "../text/use-text.ts";

/** The auction of a task: sealed while it lasts, and afterwards everyone's bids with what set the price. */
export function AwardPanel({ task }: { task: Task }) {
  const { t } = useText();
  const { award } = task;
  return (
    <Panel
      title={t("award.title")}
      note={
        award && (
          <Link to="/auctions/$id" params={{ id: award.roundId }}>
            {t("award.round")}
          </Link>
        )
      }
    >
      {award ? <Closed task={task} award={award} /> : <Sealed task={task} />}
    </Panel>
  );
}

function Closed({ task, award }: { task: Task; award: NonNullable<Task["award"]> }) {
  const bids = useQuery(roundBidsQuery(award.roundId));
  const round = useQuery(roundQuery(award.roundId)).data;
  return (
    <Loaded query={bids} skeleton={<div className="shimmer h-[23rem] sm:h-64" />}>
      {(bids) => (
        <div className="grid gap-5">
          <BidPicture taskId={task.id} bids={bids} award={award} maxPrice={task.maxPrice} />
          <VerifyRound roundId={award.roundId} tasks={round?.tasks ?? 1} />
        </div>
      )}
    </Loaded>
  );
}

function Sealed({ task }: { task: Task }) {
  const { t } = useText();
  const isOpen = task.state === "open";
  const rounds = useInfiniteQuery({ ...roundsQuery({ capability: task.capability, state: "open" }), enabled: isOpen });
  const round = rounds.data?.pages[0]?.items[0];
  const reasons = task.unserved ?? [];
  return (
    <div className="grid gap-4">
      {isOpen && (
        <div className="flex items-center gap-4 rounded-lg bg-sunken p-4">
          <LockKeyhole className="size-6 shrink-0 text-sea" aria-hidden />
          <div>
            <p className="font-medium">{round ? t("award.sealed", { count: round.nodes }) : t("award.waiting")}</p>
            <p className="text-sm text-quiet">{t("award.sealed_note")}</p>
          </div>
        </div>
      )}
      {reasons.length > 0 && (
        <div className="grid gap-2">
          <h3 className="text-sm">{t("award.unserved")}</h3>
          <ul className="grid gap-2 text-sm">
            {reasons.map(({ reason, sentence, remedy, nodes }) => (
              <li key={reason} className="rounded-lg border p-3">
                <p>
                  {sentence} <span className="text-quiet">{t("award.nodes", { count: nodes.atMost })}</span>
                </p>
                <p className="text-quiet">{remedy}</p>
              </li>
            ))}
          </ul>
        </div>
      )}
      {!isOpen && reasons.length === 0 && <p className="text-quiet">{t("award.none")}</p>}
    </div>
  );
}
