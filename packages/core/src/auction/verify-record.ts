import { type Hash, hashJson, type RoundRecord, RoundRecordSchema, schemaProblem } from "@stoa/protocol";
import {
  checkAllocation,
  checkCertificate,
  checkHashes,
  checkPayments,
  checkPrices,
  judge,
  type Judged,
} from "./check-outcome.ts";
import { checkClose, checkNodes, checkOpening, checkOrders, checkSnapshot, checkVersions } from "./check-signatures.ts";
import { roundMarket } from "./round-market.ts";
import {
  type Check,
  disagree,
  requireSame,
  runChecks,
  type VerificationCheck,
  type VerificationReport,
} from "./verification.ts";
import { weighEdges } from "./weigh-edges.ts";

export interface VerifyOptions {
  /**
   * Clear again without each winner to check the payments too, which takes about as long as clearing. Without it
   * nothing is solved: the duals prove the allocation in one look at each bid, and bound every payment.
   */
  payments?: boolean;
  /** The hash the record must have, as an award or an anchor names it. */
  outcomeHash?: Hash;
  /** Told of each check that holds, as it ends: a large record takes a while. */
  onCheck?: (check: VerificationCheck) => void;
}

function checkShape(given: unknown): string {
  const problem = schemaProblem(RoundRecordSchema, given);
  return problem ? disagree(problem) : "matches its schema";
}

/**
 * Checks a round's public record by recomputing it, in time linear in its answers: ids, signatures, roots, weights,
 * the certificate of optimality and prices; payments when asked for. It proves the outcome *of the record*; that a
 * bid is missing from it is proved by the operator's signed receipt. Pure apart from its work, fit for a browser.
 * @param given a record from anyone, as parsed from JSON; a bad one is reported, never thrown
 * @example
 * const { ok, firstFailure } = await verifyRecord(await response.json());
 */
export function verifyRecord(
  given: unknown,
  { payments = false, outcomeHash, onCheck }: VerifyOptions = {},
): Promise<VerificationReport> {
  const record = given as RoundRecord;
  let judged: Judged;
  const checks: Check[] = [
    ["shape", () => checkShape(given)],
    ["round_id", () => (requireSame("the round's id", record.roundId, hashJson(record.body.opening)), record.roundId)],
    ["opening", () => checkOpening(record.body, record.roundId)],
    ["snapshot", () => checkSnapshot(record.body)],
    ["orders", () => checkOrders(record.body)],
    ["nodes", () => checkNodes(record.body, record.roundId)],
    ["versions", () => checkVersions(record.body)],
    ["close", () => checkClose(record.body)],
    [
      "weights",
      () => {
        const { market, seed } = roundMarket(record.body);
        requireSame("the seed", record.body.outcome.seed, seed);
        judged = judge(record, market, weighEdges(market, seed).edges);
        return `${judged.edges.length} of ${market.edges.length} bids count`;
      },
    ],
    ["allocation", () => checkAllocation(judged)],
    ["certificate", () => checkCertificate(judged)],
    ["prices", () => checkPrices(judged)],
    ...(payments ? [["payments", () => checkPayments(judged)] as const] : []),
    ["hashes", () => checkHashes(record, outcomeHash)],
  ];
  return runChecks(checks, onCheck);
}
