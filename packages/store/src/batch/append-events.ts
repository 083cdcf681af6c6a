import type { EventRecord, NewEvent } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toInstant, toRows } from "./rows.ts";

/** Appends events to the log and returns them with their places in it. */
export async function appendEvents(tx: Queryable, events: readonly NewEvent[], at: number): Promise<EventRecord[]> {
  if (events.length === 0) return [];
  const rows = await tx.query<{ seq: bigint }>(
    `insert into events (type, audience, task_id, at, data)
     select type, audience, data->>'taskId', at, data
       from json_to_recordset($1::json) as row (type text, audience text, at timestamptz, data jsonb)
     returning seq`,
    [
      toRows(
        events.map((event) => ({ type: event.type, audience: event.audience, at: toInstant(at), data: event.data })),
      ),
    ],
  );
  return events.map((event, i) => ({ ...event, at, seq: Number(rows[i]?.seq) }));
}
