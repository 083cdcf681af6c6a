import {
  canonicalJson,
  type OpenAuctionRecord,
  type OpenSupplement,
  OpenSupplementSchema,
  schemaProblem,
} from "@stoa/protocol";
import { disagree, requireSame, runChecks, type VerificationReport } from "../verification.ts";
import { buildAuctionSupplement } from "./build-auction-supplement.ts";

/**
 * Checks a re-award against its auction's record and the supplements before it, both checked already: the chain, the
 * task's holder, the next best bid and the damages. Who had a free slot is the operator's word.
 * @param given a supplement from anyone, as parsed from JSON; a bad one is reported, never thrown
 */
export function verifyAuctionSupplement(
  record: OpenAuctionRecord,
  earlier: readonly OpenSupplement[],
  given: unknown,
): Promise<VerificationReport> {
  const supplement = given as OpenSupplement;
  return runChecks([
    [
      "shape",
      () => {
        const problem = schemaProblem(OpenSupplementSchema, given);
        return problem ? disagree(problem) : "matches its schema";
      },
    ],
    [
      "next_bid",
      () => {
        const report = { record, earlier, fault: supplement.fault, freeNodes: supplement.candidates };
        const again = buildAuctionSupplement(report).supplement;
        for (const key of Object.keys(again) as (keyof OpenSupplement)[]) {
          requireSame(`the supplement's ${key}`, canonicalJson(supplement[key]), canonicalJson(again[key]));
        }
        return again.award ? `re-awarded to ${again.award.node} at ${again.award.price}` : "no bid was left";
      },
    ],
  ]);
}
