import type { TaskTraces } from "@stoa/host";
import type { Market } from "@stoa/market";
import type { Registry } from "prom-client";
import { measureMarket } from "./measure-market.ts";
import { traceTasks } from "./trace-tasks.ts";

/**
 * Measures and traces what the event log tells, until its term ends. Every server hears the whole log: one of them tells
 * of it, so that nothing is counted twice.
 */
export function observeMarket({
  market,
  metrics,
  traces,
}: {
  market: Pick<Market, "events">;
  metrics: Registry;
  traces: TaskTraces;
}): (term: AbortSignal) => { ended: Promise<void> } {
  const take = measureMarket(metrics, traceTasks(traces));
  return (term) => {
    const unsubscribe = market.events.onAppended(take);
    const ended = Promise.withResolvers<void>();
    const stop = () => {
      unsubscribe();
      ended.resolve();
    };
    if (term.aborted) stop();
    else term.addEventListener("abort", stop, { once: true });
    return { ended: ended.promise };
  };
}
