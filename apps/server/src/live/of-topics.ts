import { type EventRecord, topicOf } from "@stoa/protocol";

/** Those events that are of some topics; all where none are named. */
export function ofTopics(events: readonly EventRecord[], topics: ReadonlySet<string> | null): readonly EventRecord[] {
  return topics === null ? events : events.filter(({ type }) => topics.has(topicOf(type) ?? ""));
}
