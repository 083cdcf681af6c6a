import type { EventRecord } from "@stoa/protocol";
import type { Format } from "./wire.ts";

/**
 * Writes a batch of events for the wire. In an event stream each has its seq as its id, by which a client that lost its
 * connection says where it was.
 */
export function writeEvents(format: Format, events: readonly EventRecord[]): string {
  if (format === "json") return JSON.stringify(events);
  return events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
