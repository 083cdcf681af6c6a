import type { Scored } from "./best.ts";

/** How much the first places of a ranking stand out from the next: the value its authors found to suit most. */
const FLATTENING = 60;
const BILLION = 1_000_000_000;

/** What one way of looking found, the best first. */
export interface Ranking {
  weight: number;
  found: readonly Scored[];
}

/** Something found, with its score in billionths. */
export type Found = Scored;

/**
 * Makes one ranking of several by the places things have in each, the best first. Places are compared and not scores: how
 * a text score compares with a similarity depends on the embedder, and differs from query to query. First in every
 * ranking that found anything is a score of one.
 * @see Cormack, Clarke, Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods" (2009)
 */
export function fuseRankings(rankings: readonly Ranking[], before: (a: number, b: number) => number): Found[] {
  const sums = new Map<number, number>();
  let whole = 0;
  for (const { weight, found } of rankings) {
    if (found.length > 0) whole += weight;
    for (const [place, { document }] of found.entries())
      sums.set(document, (sums.get(document) ?? 0) + (weight * (FLATTENING + 1)) / (FLATTENING + 1 + place));
  }
  return [...sums]
    .map(([document, sum]) => ({ document, score: Math.round((sum / whole) * BILLION) }))
    .sort((a, b) => b.score - a.score || before(a.document, b.document));
}
