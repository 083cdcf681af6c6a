import type { EventRecord, NewEvent } from "@stoa/protocol";
import { columnsOf, rowsOf, toColumns, toInstant } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** Where other processes are told that the log has grown, with its last number. */
export const EVENTS_CHANNEL = "stoa_events";

const EVENT = { type: "word", audience: "word", task_id: "word", data: "json" };

const APPEND = `with appended as (
   insert into events (${columnsOf(EVENT)}, at) select ${columnsOf(EVENT)}, $1::timestamptz from ${rowsOf(EVENT, 2)}
   returning seq
 )
 select array_agg(seq order by seq)::text as places, pg_notify('${EVENTS_CHANNEL}', max(seq)::text) from appended`;

/**
 * Appends events to the log, and tells other processes once they are committed; {@link placeEvents} reads their places
 * from what it returns.
 */
export function appendEvents(events: readonly NewEvent[], at: number): Statement[] {
  if (events.length === 0) return [];
  const rows = events.map(({ type, audience, data }) => ({
    type,
    audience,
    task_id: "taskId" in data ? data.taskId : null,
    data,
  }));
  return [{ text: APPEND, params: [toInstant(at), ...toColumns(EVENT, rows)] }];
}

/** The events with their places in the log, which they were given in the order they were appended in. */
export function placeEvents(
  events: readonly NewEvent[],
  at: number,
  [appended]: readonly Record<string, unknown>[],
): EventRecord[] {
  const places = String(appended?.["places"]).slice(1, -1).split(",");
  return events.map((event, i) => ({ ...event, at, seq: Number(places[i]) }));
}
