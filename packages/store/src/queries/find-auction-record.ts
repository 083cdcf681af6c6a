import type { Hash, OpenAuctionRecord, OpenSupplement } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { listSupplements, type SupplementRow } from "./list-supplements.ts";

export interface AuctionRecordRow {
  outcomeHash: Hash;
  record: OpenAuctionRecord;
  supplements: SupplementRow<OpenSupplement>[];
}

/** A closed open auction's public record; undefined for one that still runs, or is unknown. */
export async function findAuctionRecord(database: Queryable, auctionId: Hash): Promise<AuctionRecordRow | undefined> {
  const [auction] = await database.query<Omit<AuctionRecordRow, "supplements">>(
    `select outcome_hash as "outcomeHash", record from open_auctions where id = $1 and state = 'closed'`,
    [auctionId],
  );
  return auction && { ...auction, supplements: await listSupplements<OpenSupplement>(database, auctionId) };
}
