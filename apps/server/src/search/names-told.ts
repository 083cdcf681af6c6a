import { type EventRecord, type EventType, topicOf } from "@stoa/protocol";

/** The names of the agents that events tell something new of: that they came, went, or are kept out. */
export function namesTold(events: readonly EventRecord[]): string[] {
  return events
    .filter(({ type }) => topicOf(type) === "agent_status")
    .map((event) => (event as EventRecord<Extract<EventType, `agent.${string}`>>).data.name);
}
