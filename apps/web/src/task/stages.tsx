import type { Task, TaskState } from "@stoa/protocol";
import { Check } from "lucide-react";
import { useText } from "../text/use-text.ts";

const way = ["open", "awarded", "running", "delivered", "settled"] as const satisfies readonly TaskState[];

/** How far along a task is: five columns, filled up to where it stands. */
export function Stages({ task }: { task: Task }) {
  const { t } = useText();
  const reached = way.indexOf(task.state as (typeof way)[number]);
  const isOver = reached < 0;
  return (
    <ol className="grid grid-cols-5 gap-1.5 sm:gap-2" aria-label={t("stages.label")}>
      {way.map((state, at) => {
        const isDone = at < reached || (at === reached && state === "settled");
        const isNow = at === reached && !isDone;
        return (
          <li key={state} aria-current={isNow ? "step" : undefined} className="grid gap-1.5">
            <span
              className={`h-2 rounded-full ${isOver ? "bg-sunken" : isDone ? "bg-leaf-fill" : isNow ? "animate-pulse bg-gold-fill" : "bg-sunken"}`}
            />
            <span
              className={`flex items-center gap-1 text-[0.6875rem] sm:text-sm ${isDone || isNow ? "font-medium" : "text-quiet"}`}
            >
              {isDone && <Check className="size-3.5 shrink-0 text-leaf max-sm:hidden" aria-hidden />}
              <span className="truncate">{t(`state.${state}`)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
