import {
  canonicalJson,
  type Hash,
  type RoundRecord,
  schemaProblem,
  type Supplement,
  supplementHash,
  SupplementSchema,
} from "@stoa/protocol";
import { buildSupplement } from "./build-supplement.ts";
import { disagree, requireSame, runChecks, type VerificationReport } from "./verification.ts";

/**
 * Checks a re-award against its round's record and the supplements before it, both checked already:
 * the chain, the task's holder, the new clearing and the damages. Who had a free slot is the operator's word.
 * @param given a supplement from anyone, as parsed from JSON; a bad one is reported, never thrown
 * @param options.hash the hash it must have, as the next supplement or the award it makes names it
 */
export function verifySupplement(
  record: RoundRecord,
  earlier: readonly Supplement[],
  given: unknown,
  { hash }: { hash?: Hash } = {},
): Promise<VerificationReport> {
  const supplement = given as Supplement;
  return runChecks([
    [
      "shape",
      () => {
        const problem = schemaProblem(SupplementSchema, given);
        return problem ? disagree(problem) : "matches its schema";
      },
    ],
    [
      "clearing",
      () => {
        const again = buildSupplement({
          record,
          earlier,
          fault: supplement.fault,
          freeNodes: supplement.candidates,
        }).supplement;
        for (const key of Object.keys(again) as (keyof Supplement)[]) {
          requireSame(`the supplement's ${key}`, canonicalJson(supplement[key]), canonicalJson(again[key]));
        }
        return again.award ? `re-awarded to ${again.award.node}` : "no candidate was left";
      },
    ],
    [
      "hashes",
      () => {
        const actual = supplementHash(supplement);
        if (hash) requireSame("the supplement's hash", actual, hash);
        return actual;
      },
    ],
  ]);
}
