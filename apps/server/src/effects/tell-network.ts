import { networkStats } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

/** How often the market says how it stands, while that changes. */
const EVERY_MS = 30_000;

/** Tells how the market stands, when it stands otherwise than it was last told. */
export function tellNetwork(context: Pick<EffectContext, "database" | "market" | "log" | "signal">): Repeated {
  const { database, market } = context;
  let told = "";
  return repeat({ name: "network", everyMs: EVERY_MS, ...context }, async () => {
    const stats = await networkStats(database);
    const now = JSON.stringify(stats);
    if (now === told) return;
    await market.tellNetwork(stats);
    told = now;
  });
}
