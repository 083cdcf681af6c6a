import type { VerificationCheck } from "@stoa/core";
import type { MarketInfo, RoundRecord } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { getRecord } from "./get-record.ts";
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
  let record = withCheck(verification.record, belongsTo(info, id, published.record));
  if (record.ok && anchored) {
    const { checks } = await verifyAnchor(connection, published, info, rpcUrl);
    for (const check of checks) record = withCheck(record, check);
  }
  return { ...verification, ok: verification.ok && record.ok, record };
}

/** A record can be right in itself and yet be another market's, or another round's. */
function belongsTo(info: MarketInfo, roundId: string, record: RoundRecord): VerificationCheck {
  const { operator, domain } = record.body.opening;
  const pairs = [
    ["round", record.roundId, roundId],
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
