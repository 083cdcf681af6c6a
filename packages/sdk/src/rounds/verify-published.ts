import {
  type SignedReceipt,
  type VerificationReport,
  verifyRecord,
  verifySupplement,
  type VerifyOptions,
} from "@stoa/core";
import type { Hash, PublishedRound, RoundRecord, Supplement } from "@stoa/protocol";
import { checkReceipt } from "./check-receipt.ts";

/** What checking a round gave. */
export interface RoundVerification {
  ok: boolean;
  roundId: string;
  outcomeHash: Hash;
  record: VerificationReport;
  supplements: VerificationReport[];
}

export interface VerifyPublished extends VerifyOptions {
  /** Also holds the record to an operator's receipt for a node's sheet. */
  receipt?: SignedReceipt;
}

type Published = Pick<PublishedRound, "roundId" | "outcomeHash" | "record"> & {
  supplements: readonly Partial<PublishedRound["supplements"][number]>[];
};

/**
 * Checks a closed round as it was published or saved, without asking anybody: the record with every signature, the
 * outcome and the prices, and every re-award after it.
 * @param given what `rounds.record` gives, or a bare record, as parsed from JSON; a bad one is reported, never thrown
 * @param options.outcomeHash the hash it must have, as an award or an anchor names it
 * @param options.payments also clears again without each winner, which takes about as long as clearing
 * @throws {StoaError} when the receipt proves nothing: it is for another round, or not the operator's
 * @example
 * const { ok } = await verifyPublished(JSON.parse(await readFile("record.json", "utf8")), { outcomeHash });
 */
export async function verifyPublished(
  given: unknown,
  { outcomeHash, receipt, ...options }: VerifyPublished = {},
): Promise<RoundVerification> {
  const published = asPublished(given);
  const checked = await verifyRecord(published.record, {
    ...options,
    outcomeHash: outcomeHash ?? published.outcomeHash,
  });
  let record = checked.ok ? withCheck(checked, wrapping(published)) : checked;
  if (record.ok && receipt) record = withCheck(record, await checkReceipt(published.record, receipt));
  const supplements = record.ok ? await verifySupplements(published) : [];
  return {
    ok: record.ok && supplements.every(({ ok }) => ok),
    roundId: published.roundId,
    outcomeHash: published.outcomeHash,
    record,
    supplements,
  };
}

/** A report with one more check at its end. */
export function withCheck(report: VerificationReport, check: VerificationReport["checks"][number]): VerificationReport {
  const checks = [...report.checks, check];
  return check.ok ? { ...report, checks } : { ok: false, checks, firstFailure: check };
}

/** A bare record is taken as one without re-awards; what is neither is left to the check of its shape. */
function asPublished(given: unknown): Published {
  const { record, supplements, roundId, outcomeHash } = (given ?? {}) as Partial<PublishedRound>;
  if (record !== undefined && roundId !== undefined && outcomeHash !== undefined && Array.isArray(supplements))
    return { record, supplements, roundId, outcomeHash };
  const bare = given as RoundRecord | undefined;
  return {
    record: bare as RoundRecord,
    supplements: [],
    roundId: bare?.roundId ?? "0x",
    outcomeHash: bare?.outcomeHash ?? "0x",
  };
}

/** What a round is published with must be its record's own. */
function wrapping({ roundId, outcomeHash, record }: Published) {
  const wrong =
    roundId !== record.roundId
      ? `it is published as round ${roundId}, its record is of ${record.roundId}`
      : outcomeHash !== record.outcomeHash
        ? `it is published under ${outcomeHash}, its record's hash is ${record.outcomeHash}`
        : null;
  return { name: "published", ok: wrong === null, detail: wrong ?? "under its own id and hash" };
}

async function verifySupplements({ record, supplements }: Published): Promise<VerificationReport[]> {
  const reports: VerificationReport[] = [];
  const earlier: Supplement[] = [];
  for (const item of supplements) {
    const { hash, taskId, previousHash, record: supplement } = item ?? {};
    const report = await verifySupplement(record, earlier, supplement, hash === undefined ? {} : { hash });
    if (!report.ok || !supplement) return [...reports, report];
    const ok = hash !== undefined && taskId === supplement.fault.orderHash && previousHash === supplement.previousHash;
    const detail = ok ? "under its own task and hash" : `it is published for task ${taskId} after ${previousHash}`;
    reports.push(withCheck(report, { name: "published", ok, detail }));
    earlier.push(supplement);
  }
  return reports;
}
