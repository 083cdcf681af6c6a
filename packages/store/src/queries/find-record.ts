import type { Hash, RoundId, RoundRecord, Supplement } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { listSupplements, type SupplementRow } from "./list-supplements.ts";

export interface RecordRow {
  outcomeHash: Hash;
  record: RoundRecord;
  supplements: SupplementRow<Supplement>[];
}

/** A closed round's public record; undefined for one that is open or unknown. */
export async function findRecord(database: Queryable, roundId: RoundId): Promise<RecordRow | undefined> {
  const [round] = await database.query<Omit<RecordRow, "supplements">>(
    `select outcome_hash as "outcomeHash", record from rounds where id = $1 and state = 'closed'`,
    [roundId],
  );
  return round && { ...round, supplements: await listSupplements<Supplement>(database, roundId) };
}
