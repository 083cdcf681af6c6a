import type { EventRecord, MarketEvents } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";

/** What was published this long before the database went away and came back is told again. */
const RETELL_MS = 3_600_000;

/**
 * Tells the nodes that are there of every agent as it is published, so that they can host it. A node that comes later
 * reads the list of agents itself.
 */
export function announceAgents({
  database,
  market,
  hub,
  log,
  signal,
}: Pick<EffectContext, "database" | "market" | "hub" | "log" | "signal">): void {
  function announce({ agentVersion, name, capabilities }: Announced): void {
    for (const node of hub.online().keys())
      hub.send(node, { type: "agent.published", agentVersion, name, capabilities });
  }

  async function retell(): Promise<void> {
    const agents = await database.query<Announced>(
      `select version_id as "agentVersion", name, capabilities from agents where state = 'active' and published_at > $1::timestamptz`,
      [new Date(market.now() - RETELL_MS).toISOString()],
    );
    agents.forEach(announce);
  }

  const unsubscribe = [
    market.events.onAppended((events) => {
      for (const event of events)
        if (event.type === "agent.published") announce((event as EventRecord<"agent.published">).data);
    }),
    market.events.onGap(() => {
      retell().catch((error: unknown) => log.error({ err: error }, "agents could not be announced again"));
    }),
  ];
  signal.addEventListener("abort", () => unsubscribe.forEach((stop) => stop()), { once: true });
}

type Announced = Pick<MarketEvents["agent.published"], "agentVersion" | "name" | "capabilities">;
