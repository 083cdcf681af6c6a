import type { EventType } from "./events.ts";

/** What a reader of events may choose from, by subject. */
export const eventTopics = [
  "task_updates",
  "auction_events",
  "agent_status",
  "node_status",
  "payment_notifications",
  "network_stats",
  "system_announcements",
] as const;
export type EventTopic = (typeof eventTopics)[number];

type NounOf<Type> = Type extends `${infer Noun}.${string}` ? Noun : never;
const topicOfNoun: Readonly<Record<NounOf<EventType>, EventTopic>> = {
  task: "task_updates",
  execution: "task_updates",
  workflow: "task_updates",
  round: "auction_events",
  auction: "auction_events",
  agent: "agent_status",
  node: "node_status",
  account: "payment_notifications",
  settlement: "payment_notifications",
  network: "network_stats",
  system: "system_announcements",
};

/**
 * The topic of an event's type.
 * @example
 * topicOf("task.opened") // "task_updates"
 */
export function topicOf(type: string): EventTopic | undefined {
  const noun = type.slice(0, type.indexOf("."));
  return Object.hasOwn(topicOfNoun, noun) ? topicOfNoun[noun as keyof typeof topicOfNoun] : undefined;
}

/** Topics as a query names them, separated by commas; null for all. */
export function readTopics(text: string | undefined): ReadonlySet<string> | null {
  return text === undefined ? null : new Set(text.split(","));
}
