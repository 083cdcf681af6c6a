import type { Task } from "@stoa/protocol";
import { useNodeName } from "../data/nodes.ts";
import { TimeAgo } from "../parts/time-ago.tsx";
import { useText } from "../text/use-text.ts";
import { Panel } from "../parts/page.tsx";

interface Moment {
  at: string;
  text: string;
  tone: "sea" | "leaf" | "brick";
}

const tones = { sea: "bg-sea-fill", leaf: "bg-leaf-fill", brick: "bg-brick-fill" } as const;

/** What happened to a task, in order. */
export function Timeline({ task }: { task: Task }) {
  const { t } = useText();
  const nameOf = useNodeName();
  const moments: Moment[] = [{ at: task.openedAt, text: t("timeline.opened"), tone: "sea" }];
  const { award, result, outcome } = task;
  if (award) moments.push({ at: award.madeAt, text: t("timeline.awarded", { node: nameOf(award.node) }), tone: "sea" });
  for (const { node, startedAt, endedAt, failure } of task.executions) {
    if (startedAt) moments.push({ at: startedAt, text: t("timeline.started", { node: nameOf(node) }), tone: "sea" });
    if (endedAt && failure)
      moments.push({
        at: endedAt,
        text: t("timeline.failed", { node: nameOf(node), reason: failure.reason.replaceAll("_", " ") }),
        tone: "brick",
      });
  }
  if (result) moments.push({ at: result.deliveredAt, text: t("timeline.delivered"), tone: "sea" });
  if (outcome)
    moments.push({
      at: task.updatedAt,
      text:
        outcome.kind === "settled"
          ? t("timeline.settled")
          : t("timeline.unpaid", { reason: outcome.reason.replaceAll("_", " ") }),
      tone: outcome.kind === "settled" ? "leaf" : "brick",
    });
  const ordered = moments.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <Panel title={t("timeline.title")}>
      <ol className="grid">
        {ordered.map(({ at, text, tone }, index) => (
          <li key={`${at} ${index}`} className="relative grid grid-cols-[1.25rem_1fr_auto] gap-x-2 pb-3 last:pb-0">
            {index < ordered.length - 1 && (
              <span className="absolute start-[5px] top-3 bottom-[-6px] w-px bg-line" aria-hidden />
            )}
            <span className={`mt-1.5 size-[11px] rounded-full ${tones[tone]}`} aria-hidden />
            <span>{text}</span>
            <TimeAgo at={at} className="text-sm text-quiet" />
          </li>
        ))}
      </ol>
    </Panel>
  );
}
