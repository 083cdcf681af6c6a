import { verifyAuction as verifyAuctionRecord, verifyAuctionSupplement, type VerificationReport } from "@stoa/core";
import type { Hash, MarketInfo, OpenAuctionRecord, OpenSupplement, PublishedAuction } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
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
  const record = checked.ok ? withMarket(checked, belongsTo(info, published)) : checked;
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

type Check = VerificationReport["checks"][number];

function withMarket(report: VerificationReport, belonging: Check): VerificationReport {
  const checks = [...report.checks, belonging];
  return belonging.ok ? { ok: true, checks } : { ok: false, checks, firstFailure: belonging };
}

/** A record can be right in itself and yet be another market's, or another auction's. */
function belongsTo(info: MarketInfo, { auctionId, record }: PublishedAuction): Check {
  const { operator, domain } = record.body.opening;
  const pairs = [
    ["auction", record.auctionId, auctionId],
    ["operator", operator.toLowerCase(), info.operator.toLowerCase()],
    ["vault", domain.vault.toLowerCase(), info.vault.toLowerCase()],
    ["chain", domain.chainId, info.chainId],
  ] as const;
  const wrong = pairs.find(([, actual, expected]) => actual !== expected);
  const detail = wrong
    ? `the record's ${wrong[0]} is ${String(wrong[1])}, expected ${String(wrong[2])}`
    : `of ${info.operator}`;
  return { name: "market", ok: !wrong, detail };
}
