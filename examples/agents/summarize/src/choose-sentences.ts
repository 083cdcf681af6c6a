import { likeness, type TermVector } from "./rank-sentences.ts";

/** How much a sentence's own worth counts against its likeness to what is chosen already. */
const WORTH = 0.7;

/**
 * Chooses sentences by maximal marginal relevance: the best first, then always the one that is good and says
 * something new (Carbonell and Goldstein, 1998). Gives their indexes in the order of the text.
 */
export function chooseSentences(scores: readonly number[], vectors: readonly TermVector[], most: number): number[] {
  const chosen: number[] = [];
  const left = new Set(scores.keys());
  while (chosen.length < most && left.size > 0) {
    let best = { index: -1, gain: -Infinity };
    for (const index of left) {
      const repeated = Math.max(0, ...chosen.map((other) => likeness(vectors[index]!, vectors[other]!)));
      const gain = WORTH * scores[index]! - (1 - WORTH) * repeated;
      if (gain > best.gain) best = { index, gain };
    }
    chosen.push(best.index);
    left.delete(best.index);
  }
  return chosen.sort((a, b) => a - b);
}
