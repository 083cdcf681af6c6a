import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { agentsQuery } from "../../data/agents.ts";
import { nodesQuery } from "../../data/nodes.ts";
import { recentAwardsQuery } from "../../data/rounds.ts";
import { tasksQuery } from "../../data/tasks.ts";
import { Amount } from "../../parts/amount.tsx";
import { Stat, Stats } from "../../parts/stat.tsx";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";

const atWork: ReadonlySet<string> = new Set(["open", "awarded", "running"]);
const WAITING = "–";

/** How the market stands this second, in four figures. */
export function Pulse() {
  const { t } = useText();
  const queryClient = useQueryClient();
  const tasks = useInfiniteQuery(tasksQuery()).data?.pages.flatMap(({ items }) => items);
  const nodes = useQuery(nodesQuery).data;
  const agents = useQuery(agentsQuery).data;
  const last = useQuery(recentAwardsQuery(queryClient)).data?.[0];
  const online = nodes?.filter((node) => node.online);
  const slots = online?.reduce((sum, node) => sum + node.slots, 0) ?? 0;
  const running = online?.reduce((sum, node) => sum + node.running, 0) ?? 0;
  return (
    <Stats>
      <Stat
        name={t("pulse.working")}
        value={tasks?.filter(({ state }) => atWork.has(state)).length ?? WAITING}
        note={t("pulse.working_note")}
      />
      <Stat
        name={t("pulse.last_price")}
        value={last ? <Amount units={last.price} /> : WAITING}
        note={
          last ? (
            <>
              {last.capability} · <TimeAgo at={last.madeAt} />
            </>
          ) : (
            t("pulse.no_price")
          )
        }
      />
      <Stat
        name={t("pulse.nodes")}
        value={online?.length ?? WAITING}
        note={nodes && t("pulse.slots", { free: Math.max(0, slots - running), slots })}
      />
      <Stat name={t("pulse.agents")} value={agents?.length ?? WAITING} note={t("pulse.agents_note")} />
    </Stats>
  );
}
