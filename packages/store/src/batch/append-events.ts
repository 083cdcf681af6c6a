import type { EventRecord, NewEvent } from "@stoa/protocol";
import { toColumn, toInstant } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** Where other processes are told that the log has grown, with its last number. */
export const EVENTS_CHANNEL = "stoa_events";

/**
 * Appends events to the log, and tells other processes once they are committed; {@link placeEvents} reads their places
 * from what it returns.
 */
export function appendEvents(events: readonly NewEvent[], at: number): Statement[] {
  if (events.length === 0) return [];
  return [
    {
      text: `with appended as (
               insert into events (type, audience, task_id, at, data)
               select type, audience, task_id, $5::timestamptz, data
                 from unnest($1::text[], $2::text[], $3::text[], $4::json[]) as row (type, audience, task_id, data)
               returning seq
             )
             select array_agg(seq order by seq)::text as places, pg_notify('${EVENTS_CHANNEL}', max(seq)::text) from appended`,
      params: [
        toColumn(events.map(({ type }) => type)),
        toColumn(events.map(({ audience }) => audience)),
        toColumn(events.map(({ data }) => ("taskId" in data ? data.taskId : null))),
        toColumn(events.map(({ data }) => JSON.stringify(data))),
        toInstant(at),
      ],
    },
  ];
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
