import { useSyncExternalStore } from "react";
import { useText } from "../text/use-text.ts";

const TICK_MS = 1_000;
const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time to the second, again each second; one clock for all of the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / TICK_MS) * TICK_MS);
}

/** How long ago or ahead an instant is, in its largest unit; the exact time on hover. */
export function TimeAgo({ at, className = "" }: { at: string; className?: string }) {
  const { language } = useText();
  const now = useNow();
  const instant = new Date(at);
  const seconds = Math.round((instant.getTime() - now) / 1_000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units[3];
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(instant);
  return (
    <time dateTime={at} title={exact} className={`tabular whitespace-nowrap ${className}`}>
      {relative.format(Math.trunc(seconds / size), unit)}
    </time>
  );
}
