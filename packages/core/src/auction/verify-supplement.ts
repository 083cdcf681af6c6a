import {
  canonicalJson,
  type Hash,
  type RoundRecord,
  schemaProblem,
  type Supplement,
  supplementHash,
  SupplementSchema,
} from "@stoa/protocol";
import { type FaultScene, faultScene, supplementOf } from "./build-supplement.ts";
import { reawardTask } from "./reaward.ts";
import { provenReaward } from "./reaward-certificate.ts";
import { disagree, requireSame, runChecks, type VerificationReport } from "./verification.ts";

/**
 * Checks a re-award against its round's record and the supplements before it, both checked already:
 * the chain, the task's holder, the new clearing by its certificate, and the damages, in one pass over the round's bids.
 * Who had a free slot is the operator's word.
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
  let scene: FaultScene;
  return runChecks([
    [
      "shape",
      () => {
        const problem = schemaProblem(SupplementSchema, given);
        return problem ? disagree(problem) : "matches its schema";
      },
    ],
    [
      "candidates",
      () => {
        scene = faultScene({ record, earlier, fault: supplement.fault, freeNodes: supplement.candidates });
        const candidates = scene.reaward.candidates.map(({ node }) => node);
        requireSame("the supplement's candidates", canonicalJson(supplement.candidates), canonicalJson(candidates));
        return `${candidates.length} could take the task over`;
      },
    ],
    [
      "clearing",
      () => {
        const { certificate } = supplement;
        const award = certificate
          ? provenReaward(scene.reaward, certificate, supplement.award)
          : reawardTask(scene.reaward);
        const again = supplementOf(scene, award, certificate).supplement;
        for (const key of Object.keys(again) as (keyof Supplement)[]) {
          requireSame(`the supplement's ${key}`, canonicalJson(supplement[key]), canonicalJson(again[key]));
        }
        return award ? `re-awarded to ${award.node}` : "no candidate was left";
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
