import { useText } from "../text/use-text.ts";

/** Slots beyond this are told in words only. */
const MOST_DRAWN = 24;

/** A node's capacity: a column for each slot, the busy ones filled. */
export function Slots({ slots, running }: { slots: number; running: number }) {
  const { t } = useText();
  const label = t("node.slots", { running, slots });
  return (
    <span className="grid gap-1">
      <span className="flex h-7 items-end gap-1 border-b-2 border-line" aria-hidden>
        {Array.from({ length: Math.min(slots, MOST_DRAWN) }, (_, at) => (
          <span
            key={at}
            className={`h-full w-2.5 rounded-t-[3px] ${at < running ? "bg-gold-fill" : "border border-b-0 border-line-strong"}`}
          />
        ))}
      </span>
      <span className="text-sm text-quiet">{label}</span>
    </span>
  );
}
