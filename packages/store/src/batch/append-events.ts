import type { EventRecord, NewEvent } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toInstant, toRows } from "./rows.ts";

/** Where other processes are told that the log has grown, with its last number. */
export const EVENTS_CHANNEL = "stoa_events";

/** Appends events to the log, tells other processes once they are committed, and returns them with their places. */
export async function appendEvents(tx: Queryable, events: readonly NewEvent[], at: number): Promise<EventRecord[]> {
  if (events.length === 0) return [];
  const rows = await tx.query<{ seq: bigint }>(
    `with written as (
       insert into events (type, audience, task_id, at, data)
       select type, audience, data->>'taskId', at, data
         from json_to_recordset($1::json) as row (type text, audience text, at timestamptz, data jsonb)
       returning seq)
     select seq, case when seq = max(seq) over () then pg_notify('${EVENTS_CHANNEL}', seq::text) end from written`,
    [
      toRows(
        events.map((event) => ({ type: event.type, audience: event.audience, at: toInstant(at), data: event.data })),
      ),
    ],
  );
  return events.map((event, i) => ({ ...event, at, seq: Number(rows[i]?.seq) }));
}
