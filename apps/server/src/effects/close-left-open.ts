import { setTimeout } from "node:timers/promises";
import type { RoundId } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";

type ClosingContext = Pick<EffectContext, "database" | "market" | "signal">;

interface LeftOpen {
  id: RoundId;
  capability: string;
  closesAt: number;
}

/**
 * Closes rounds that a stop or a crash left open, each when its window is over. One that its own server closes after
 * all is closed once.
 * @param isOurs which of them are this server's to close
 */
export async function closeLeftOpen(context: ClosingContext, isOurs: (round: LeftOpen) => boolean): Promise<void> {
  const { database, market, signal } = context;
  const rounds = await database.query<LeftOpen>(
    `select id, capability, closes_at as "closesAt" from rounds where state = 'open'`,
  );
  await Promise.all(
    rounds.filter(isOurs).map(async ({ id, closesAt }) => {
      await untilInstant(market, closesAt, signal);
      await market.closeRound(id, "window_elapsed");
    }),
  );
}

/** Timers may go off a millisecond early; a round that closed before its window was over would not check out. */
export async function untilInstant(
  market: Pick<EffectContext["market"], "now">,
  at: number,
  signal: AbortSignal,
): Promise<void> {
  for (let left = at - market.now(); left > 0; left = at - market.now()) await setTimeout(left, undefined, { signal });
}
