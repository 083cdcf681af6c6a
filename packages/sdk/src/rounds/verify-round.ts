import type { Connection } from "../connection.ts";
import { getRecord } from "./get-record.ts";
import { marketCheck } from "./market-check.ts";
import { verifyAnchor } from "./verify-anchor.ts";
import { type RoundVerification, verifyPublished, type VerifyPublished, withCheck } from "./verify-published.ts";

export interface VerifyRound extends VerifyPublished {
  /** Also checks that the record lies under a hash that the operator anchored on chain. */
  anchored?: boolean;
  /** JSON-RPC endpoint to read anchors from; the market's own when absent, which then must be believed. */
  rpcUrl?: string;
}

/**
 * Reads a closed round's public record and checks it here, trusting nobody: that it is this market's, every signature,
 * the outcome, the prices, and every re-award after it. Without `payments` nothing is solved: the record's duals prove
 * its allocation in one look at each bid.
 */
export async function verifyRound(
  connection: Connection,
  id: string,
  { anchored = false, rpcUrl, ...options }: VerifyRound = {},
): Promise<RoundVerification> {
  const [published, info] = await Promise.all([getRecord(connection, id), connection.terms()]);
  const verification = await verifyPublished(published, options);
  if (!verification.record.ok) return verification;
  const { record } = published;
  let report = withCheck(
    verification.record,
    marketCheck(info, { what: "round", id: record.roundId, askedFor: id, opening: record.body.opening }),
  );
  if (report.ok && anchored) {
    const { checks } = await verifyAnchor(connection, published, info, rpcUrl);
    for (const check of checks) report = withCheck(report, check);
  }
  return { ...verification, ok: verification.ok && report.ok, record: report };
}
