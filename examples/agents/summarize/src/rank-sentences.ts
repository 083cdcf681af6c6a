/** A sentence as a weighted bag of terms, of length 1. */
export type TermVector = ReadonlyMap<string, number>;

const DAMPING = 0.85;
const MAX_ITERATIONS = 60;
const ENOUGH = 1e-6;
/** Below this likeness two sentences have nothing to say to each other (LexRank's threshold). */
const LEAST_LIKENESS = 0.08;

/** TF-IDF vectors of sentences, given their terms: a term in many of them says little about any. */
export function termVectors(sentences: readonly (readonly string[])[]): TermVector[] {
  const holding = new Map<string, number>();
  for (const terms of sentences) for (const term of new Set(terms)) holding.set(term, (holding.get(term) ?? 0) + 1);
  return sentences.map((terms) => {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    let square = 0;
    for (const [term, count] of counts) {
      const weight = (1 + Math.log(count)) * Math.log(1 + sentences.length / holding.get(term)!);
      counts.set(term, weight);
      square += weight * weight;
    }
    const length = Math.sqrt(square) || 1;
    for (const [term, weight] of counts) counts.set(term, weight / length);
    return counts;
  });
}

/** The cosine of two vectors: 0 for nothing in common, 1 for the same terms. */
export function likeness(a: TermVector, b: TermVector): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let sum = 0;
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0);
  return sum;
}

/**
 * How central each sentence is, from 0 to 1: the stationary distribution of a walk that goes from sentence to like
 * sentence, and now and then jumps to any, by `bias` (LexRank: Erkan and Radev, 2004).
 */
export function rankSentences(
  vectors: readonly TermVector[],
  bias: readonly number[],
  onProgress: (fraction: number) => void,
): number[] {
  const count = vectors.length;
  const edges: { to: number; weight: number }[][] = vectors.map(() => []);
  const outWeight = new Float64Array(count);
  for (let from = 0; from < count; from += 1) {
    for (let to = from + 1; to < count; to += 1) {
      const weight = likeness(vectors[from]!, vectors[to]!);
      if (weight < LEAST_LIKENESS) continue;
      edges[from]!.push({ to, weight });
      edges[to]!.push({ to: from, weight });
      outWeight[from]! += weight;
      outWeight[to]! += weight;
    }
    if (from % 16 === 0) onProgress(from / count);
  }

  const biasSum = bias.reduce((sum, value) => sum + value, 0) || 1;
  const jump = bias.map((value) => value / biasSum);
  let rank = Float64Array.from(jump);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const next = new Float64Array(count);
    let lost = 0;
    for (let from = 0; from < count; from += 1) {
      if (outWeight[from] === 0) lost += rank[from]!;
      else for (const { to, weight } of edges[from]!) next[to]! += (rank[from]! * weight) / outWeight[from]!;
    }
    let change = 0;
    for (let index = 0; index < count; index += 1) {
      next[index] = (1 - DAMPING) * jump[index]! + DAMPING * (next[index]! + lost * jump[index]!);
      change += Math.abs(next[index]! - rank[index]!);
    }
    rank = next;
    if (change < ENOUGH) break;
  }
  const highest = Math.max(...rank) || 1;
  return [...rank].map((value) => value / highest);
}
