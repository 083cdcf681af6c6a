import type { EventRecord } from "@stoa/protocol";
import { placeEvents, type Queryable, sendStatements } from "@stoa/store";
import type { PreparedBatch } from "./prepare-batch.ts";

/** Writes what a batch decided in an open transaction that holds the lane, and returns its events with their places. */
export async function writeBatch(tx: Queryable, batch: PreparedBatch): Promise<EventRecord[]> {
  const { statements, deferred, events, appending, now } = batch;
  if (deferred.length === 0) return placed(await sendStatements(tx, [...statements, ...appending]));
  await sendStatements(tx, statements);
  for (const write of deferred) await write(tx);
  return placed(await sendStatements(tx, appending));

  function placed(rows: readonly Record<string, unknown>[][]): EventRecord[] {
    return events.length === 0 ? [] : placeEvents(events, now, rows.at(-1) ?? []);
  }
}
