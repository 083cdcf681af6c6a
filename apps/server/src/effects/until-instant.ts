import { setTimeout } from "node:timers/promises";
import type { EffectContext } from "./effect-context.ts";

/**
 * Resolves at an instant of the market's time. Timers may go off a millisecond early; a round that closed before its
 * window was over would not check out.
 * @throws {Error} `AbortError` when the signal comes first
 */
export async function untilInstant(
  market: Pick<EffectContext["market"], "now">,
  at: number,
  signal: AbortSignal,
): Promise<void> {
  for (let left = at - market.now(); left > 0; left = at - market.now()) await setTimeout(left, undefined, { signal });
}
