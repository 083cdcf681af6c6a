import type { EventRecord } from "@stoa/protocol";

/** What changes which version of an agent stands for its name, or whether one does. */
type OfAgent = "agent.published" | "agent.retired" | "agent.suspended" | "agent.restored";

/** Whether an event tells of that. */
export function tellsOfAgent(event: EventRecord): event is EventRecord<OfAgent> {
  return event.type.startsWith("agent.");
}
