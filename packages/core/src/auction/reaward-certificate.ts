import type { RecordAward, ReawardCertificate } from "@stoa/protocol";
import { awardTerms } from "./clear-round.ts";
import type { AwardTerms } from "./model.ts";
import { type Reaward, reawardMarket } from "./reaward.ts";
import { disagree, requireSame } from "./verification.ts";
import { weighEdges } from "./weigh-edges.ts";

/** The best two weights of one task's bids, 0 where there is none, and which candidate has the best. */
function bestTwo(weights: readonly (bigint | undefined)[], winner: number): { best: bigint; second: bigint } {
  const others = weights.flatMap((weight, index) => (weight === undefined || index === winner ? [] : [weight]));
  return { best: weights[winner] ?? 0n, second: others.reduce((most, weight) => (weight > most ? weight : most), 0n) };
}

/** Weights by candidate; undefined for a bid that may not take part. */
function weightsOf(reaward: Reaward): (bigint | undefined)[] {
  const weights: (bigint | undefined)[] = reaward.candidates.map(() => undefined);
  for (const { node, weight } of weighEdges(reawardMarket(reaward), reaward.seed).edges) weights[node] = weight;
  return weights;
}

/** The certificate of a re-award: duals that prove it, and what the price is made of. */
export function certifyReaward(reaward: Reaward, award: AwardTerms | null): ReawardCertificate {
  const winner = reaward.candidates.findIndex(({ node }) => node === award?.node);
  const { best, second } = bestTwo(weightsOf(reaward), winner);
  return {
    total: best.toString(),
    withoutWinner: second.toString(),
    taskDual: second.toString(),
    nodeDuals: reaward.candidates.map((_, index) => (index === winner ? (best - second).toString() : "0")),
  };
}

/**
 * Checks in one pass over the candidates, without clearing anything, that a re-award is its clearing's outcome:
 * `u, v ≥ 0`, `u + v_j ≥ w_j` for every bid, equality for the winner, `v_j = 0` for the others, and `u = 0` when nobody
 * won; the margin is what the best bid is worth beyond the best of the others.
 * @returns the award the certificate proves
 * @throws {StoaError} `invalid_record` with the first thing that is wrong
 */
export function provenReaward(
  reaward: Reaward,
  certificate: ReawardCertificate,
  claimed: Pick<RecordAward, "node"> | null,
): AwardTerms | null {
  const weights = weightsOf(reaward);
  const winner = claimed === null ? -1 : reaward.candidates.findIndex(({ node }) => node === claimed.node);
  if (claimed && weights[winner] === undefined) disagree(`${claimed.node} has no bid that counts`);
  requireSame("the number of node duals", certificate.nodeDuals.length, reaward.candidates.length);
  const [u, v] = [BigInt(certificate.taskDual), certificate.nodeDuals.map(BigInt)];
  if (claimed === null && u > 0n) disagree(`the task has the dual ${u} although nobody serves it`);
  weights.forEach((weight, index) => {
    const { node } = reaward.candidates[index]!;
    const dual = v[index]!;
    if (index !== winner && dual > 0n) disagree(`${node} has the dual ${dual} although it did not win`);
    if (weight === undefined) return;
    if (u + dual < weight) disagree(`the bid of ${node} is worth ${weight}, the duals allow ${u + dual}`);
    if (index === winner) requireSame(`the duals of the winner ${node}`, u + dual, weight);
  });
  const { best, second } = bestTwo(weights, winner);
  requireSame("what the task is worth", certificate.total, best.toString());
  requireSame("what it is worth without its winner", certificate.withoutWinner, second.toString());
  requireSame("the task's dual", certificate.taskDual, second.toString());
  if (claimed === null) return null;
  const market = reawardMarket(reaward);
  const edge = market.edges[winner]!;
  return awardTerms(market, { ...edge, weight: best }, best - second, best - second);
}
