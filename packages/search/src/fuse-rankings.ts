import type { Scored } from "./best.ts";

/** How much the first places of a ranking stand out from the next: the value its authors found to suit most. */
const FLATTENING = 60;
const BILLION = 1_000_000_000;

/**
 * Makes one ranking of several by the places things have in each, the best first. Places are compared and not scores: how
 * a text score compares with a similarity depends on the embedder, and differs from query to query. First in every
 * ranking that found anything is a score of one; scores are in billionths.
 * @param rankings what each way of looking found, the best first
 * @see Cormack, Clarke, Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods" (2009)
 */
export function fuseRankings(
  rankings: readonly (readonly Scored[])[],
  before: (a: number, b: number) => number,
): Scored[] {
  const sums = new Map<number, number>();
  const whole = rankings.filter(({ length }) => length > 0).length;
  for (const found of rankings) {
    for (const [place, { document }] of found.entries())
      sums.set(document, (sums.get(document) ?? 0) + (FLATTENING + 1) / (FLATTENING + 1 + place));
  }
  return [...sums]
    .map(([document, sum]) => ({ document, score: Math.round((sum / whole) * BILLION) }))
    .sort((a, b) => b.score - a.score || before(a.document, b.document));
}
