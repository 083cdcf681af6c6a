import type { TaskState } from "@stoa/protocol";
import { Ban, CircleCheck, CircleDashed, CircleX, Gavel, Hourglass, Inbox, Play, type LucideIcon } from "lucide-react";
import { useText } from "../text/use-text.ts";

const looks: Record<TaskState, { icon: LucideIcon; className: string }> = {
  open: { icon: CircleDashed, className: "bg-sea-soft text-sea" },
  awarded: { icon: Gavel, className: "bg-gold-soft text-gold" },
  running: { icon: Play, className: "bg-gold-soft text-gold" },
  delivered: { icon: Inbox, className: "bg-sea-soft text-sea" },
  settled: { icon: CircleCheck, className: "bg-leaf-soft text-leaf" },
  cancelled: { icon: Ban, className: "bg-sunken text-quiet" },
  expired: { icon: Hourglass, className: "bg-sunken text-quiet" },
  failed: { icon: CircleX, className: "bg-brick-soft text-brick" },
  dead: { icon: CircleX, className: "bg-brick-soft text-brick" },
};

export function TaskStateBadge({ state }: { state: TaskState }) {
  const { t } = useText();
  const { icon: Icon, className } = looks[state];
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-[0.8125rem] font-medium whitespace-nowrap ${className}`}
    >
      <Icon className="size-3.5" aria-hidden />
      {t(`state.${state}`)}
    </span>
  );
}
