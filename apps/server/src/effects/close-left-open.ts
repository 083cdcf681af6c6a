import type { EventRecord, RoundId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import { untilInstant } from "./until-instant.ts";

/**
 * Closes a capability's round that a stop, a crash or a fault left open, when its window is over. The server that opened
 * it may be alive and close it after all: then it is waited for no more.
 */
export async function closeLeftOpen(
  { database, market, signal }: Pick<EffectContext, "database" | "market" | "signal">,
  capability: string,
): Promise<void> {
  const closed = new AbortController();
  const unsubscribe = market.events.onAppended((events) => {
    if (events.some((event) => isClosingOf(event, capability))) closed.abort();
  });
  try {
    const rounds = await database.query<{ id: RoundId; closesAt: number }>(
      `select id, closes_at as "closesAt" from rounds where state = 'open' and capability = $1`,
      [capability],
    );
    for (const { id, closesAt } of rounds) {
      await untilInstant(market, closesAt, AbortSignal.any([signal, closed.signal]));
      await market.closeRound(id, "window_elapsed");
    }
  } catch (error) {
    if (signal.aborted || !closed.signal.aborted) throw error;
  } finally {
    unsubscribe();
  }
}

function isClosingOf(event: EventRecord, capability: string): boolean {
  return event.type === "round.closed" && (event as EventRecord<"round.closed">).data.capability === capability;
}
