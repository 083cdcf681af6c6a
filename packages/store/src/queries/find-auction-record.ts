import type { Hash, OpenAuctionRecord, OpenSupplement, TaskId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

export interface OpenSupplementRow {
  hash: Hash;
  taskId: TaskId;
  previousHash: Hash;
  record: OpenSupplement;
  madeAt: number;
}

export interface AuctionRecordRow {
  outcomeHash: Hash;
  record: OpenAuctionRecord;
  supplements: OpenSupplementRow[];
}

/** A closed open auction's public record; undefined for one that still runs, or is unknown. */
export async function findAuctionRecord(database: Queryable, auctionId: Hash): Promise<AuctionRecordRow | undefined> {
  const [auction] = await database.query<Omit<AuctionRecordRow, "supplements">>(
    `select outcome_hash as "outcomeHash", record from open_auctions where id = $1 and state = 'closed'`,
    [auctionId],
  );
  if (!auction) return undefined;
  const supplements = await database.query<OpenSupplementRow>(
    `select hash, task_id as "taskId", record ->> 'previousHash' as "previousHash", record, made_at as "madeAt"
       from supplements where round_id = $1 order by position`,
    [auctionId],
  );
  return { ...auction, supplements };
}
