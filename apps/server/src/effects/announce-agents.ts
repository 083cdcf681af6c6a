import type { EventRecord } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";

/**
 * Tells the nodes that are there of every agent as it is published, so that they can host it. A node that comes later
 * reads the list of agents itself.
 */
export function announceAgents({ market, hub, signal }: Pick<EffectContext, "market" | "hub" | "signal">): void {
  const unsubscribe = market.events.onAppended((events) => {
    for (const event of events) {
      if (event.type !== "agent.published") continue;
      const { agentVersion, name, capabilities } = (event as EventRecord<"agent.published">).data;
      for (const node of hub.online().keys()) hub.send(node, { type: "agent.published", agentVersion, name, capabilities });
    }
  });
  signal.addEventListener("abort", unsubscribe, { once: true });
}
