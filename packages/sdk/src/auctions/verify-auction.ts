import { verifyAuction as verifyAuctionRecord, verifyAuctionSupplement, type VerificationReport } from "@stoa/core";
import type { Hash, OpenAuctionRecord, OpenSupplement, PublishedAuction } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { marketCheck } from "../rounds/market-check.ts";
import { withCheck } from "../rounds/verify-published.ts";
import { getAuctionRecord } from "./get-auction-record.ts";

/** What checking an open auction gave. */
export interface AuctionVerification {
  ok: boolean;
  auctionId: string;
  outcomeHash: Hash;
  record: VerificationReport;
  supplements: VerificationReport[];
}

/**
 * Reads a closed open auction's public record and checks it here, trusting nobody: that it is this market's, every
 * signature, the order of the bids, the decrement, the soft close, the outcome, and every re-award after it.
 */
export async function verifyAuction(connection: Connection, id: string): Promise<AuctionVerification> {
  const [published, info] = await Promise.all([getAuctionRecord(connection, id), connection.terms()]);
  const checked = await verifyAuctionRecord(published.record, { outcomeHash: published.outcomeHash });
  const record = checked.ok
    ? withCheck(
        checked,
        marketCheck(info, {
          what: "auction",
          id: published.record.auctionId,
          askedFor: published.auctionId,
          opening: published.record.body.opening,
        }),
      )
    : checked;
  const supplements = record.ok ? await verifySupplements(published.record, published.supplements) : [];
  return {
    ok: record.ok && supplements.every(({ ok }) => ok),
    auctionId: published.auctionId,
    outcomeHash: published.outcomeHash,
    record,
    supplements,
  };
}

async function verifySupplements(
  record: OpenAuctionRecord,
  published: PublishedAuction["supplements"],
): Promise<VerificationReport[]> {
  const reports: VerificationReport[] = [];
  const earlier: OpenSupplement[] = [];
  for (const { record: supplement } of published) {
    reports.push(await verifyAuctionSupplement(record, earlier, supplement));
    earlier.push(supplement);
  }
  return reports;
}
