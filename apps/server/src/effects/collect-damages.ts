import { decodeTyped, type EventType, StoaError } from "@stoa/protocol";
import { type DueDamages, listDueDamages, REFUSED_FOR_DAYS } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";
import { withWinningBids, type WinningBid } from "./winning-bids.ts";

const EVERY_MS = 5_000;
const AGAIN_AFTER_MS = 60_000;
/** A claim in the way of damages is decided within days: what the vault refused is tried again, until it would be too late. */
const REFUSED_AGAIN_AFTER_MS = 600_000;
const DAY_MS = 86_400_000;
const AT_ONCE = 20;

/** What is told when an award is lost, with or without damages. */
const VOIDS_AN_AWARD: ReadonlySet<EventType> = new Set([
  "task.reopened",
  "task.failed",
  "task.attempt_failed",
  "task.dead",
] satisfies EventType[]);

type DamagesContext = Pick<EffectContext, "database" | "market" | "settlement" | "log" | "signal">;

/** Voids failed awards on chain and takes their damages from the provider's stake. Idempotent per award. */
export function collectDamages(context: DamagesContext): Repeated {
  const effect = repeat({ name: "damages", everyMs: EVERY_MS, ...context }, async () => {
    for (const { item, bid } of await withWinningBids(context, await due(context))) await collect(context, item, bid);
  });
  const unsubscribe = context.market.events.onAppended((events) => {
    if (events.some(({ type }) => VOIDS_AN_AWARD.has(type))) effect.wake();
  });
  context.signal.addEventListener("abort", unsubscribe, { once: true });
  return effect;
}

function due({ database, market }: DamagesContext): Promise<DueDamages[]> {
  const now = market.now();
  return listDueDamages(database, {
    againBefore: now - AGAIN_AFTER_MS,
    refusedBefore: now - REFUSED_AGAIN_AFTER_MS,
    dueAfter: now - REFUSED_FOR_DAYS * DAY_MS,
    limit: AT_ONCE,
  });
}

async function collect({ market, settlement, log }: DamagesContext, item: DueDamages, bid: WinningBid): Promise<void> {
  const { awardHash, provider, toRequester, toFaultPool } = item;
  const evidence = {
    order: decodeTyped("Order", item.order),
    award: decodeTyped("Award", item.award),
    nodeSignature: item.nodeSignature,
    ...bid,
  };
  try {
    const damages = toRequester + toFaultPool;
    const txHash = await settlement.takeDamages({ evidence, provider, damages, toRequester });
    await market.markDamages({ awardHash, state: "submitted", txHash, reason: null });
  } catch (error) {
    if (!(error instanceof StoaError) || error.code !== "chain_rejected") throw error;
    log.warn({ err: error, awardHash }, "the vault refused damages");
    await market.markDamages({ awardHash, state: "skipped", txHash: null, reason: error.message });
  }
}
