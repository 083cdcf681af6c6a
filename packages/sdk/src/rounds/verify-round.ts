import { type VerificationReport, verifyRecord, verifySupplement } from "@stoa/core";
import type { Hash, MarketInfo, PublishedRound, RoundRecord, Supplement } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { getRecord } from "./get-record.ts";

/** What checking a round gave. */
export interface RoundVerification {
  ok: boolean;
  roundId: string;
  outcomeHash: Hash;
  record: VerificationReport;
  supplements: VerificationReport[];
}

/**
 * Reads a closed round's public record and checks it here, trusting nobody: that it is this market's, every signature,
 * the outcome, the prices, and every re-award after it.
 * @param options.payments also clears again without each winner, which takes longer; on unless said otherwise
 */
export async function verifyRound(
  connection: Connection,
  id: string,
  { payments = true }: { payments?: boolean } = {},
): Promise<RoundVerification> {
  const [published, info] = await Promise.all([getRecord(connection, id), connection.terms()]);
  const record = await verifyRecord(published.record, { payments, outcomeHash: published.outcomeHash });
  const supplements = record.ok ? await verifySupplements(published.record, published.supplements) : [];
  const belonging = belongsTo(info, published.roundId, published.record);
  const whole: VerificationReport =
    record.ok && !belonging.ok
      ? { ok: false, checks: [...record.checks, belonging], firstFailure: belonging }
      : { ...record, checks: record.ok ? [...record.checks, belonging] : record.checks };
  return {
    ok: whole.ok && supplements.every(({ ok }) => ok),
    roundId: published.roundId,
    outcomeHash: published.outcomeHash,
    record: whole,
    supplements,
  };
}

async function verifySupplements(
  record: RoundRecord,
  published: PublishedRound["supplements"],
): Promise<VerificationReport[]> {
  const reports: VerificationReport[] = [];
  const earlier: Supplement[] = [];
  for (const { record: supplement } of published) {
    reports.push(await verifySupplement(record, earlier, supplement));
    earlier.push(supplement);
  }
  return reports;
}

/** A record can be right in itself and yet be another market's. */
function belongsTo(info: MarketInfo, roundId: string, record: RoundRecord) {
  const { operator, domain } = record.body?.opening ?? {};
  const pairs = [
    ["round", record.roundId, roundId],
    ["operator", operator?.toLowerCase(), info.operator.toLowerCase()],
    ["vault", domain?.vault.toLowerCase(), info.vault.toLowerCase()],
    ["chain", domain?.chainId, info.chainId],
  ] as const;
  const wrong = pairs.find(([, actual, expected]) => actual !== expected);
  const detail = wrong
    ? `the record's ${wrong[0]} is ${String(wrong[1])}, expected ${String(wrong[2])}`
    : `of ${info.operator}`;
  return { name: "market", ok: !wrong, detail };
}
