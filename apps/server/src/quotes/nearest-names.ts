/** Most names that are suggested. */
const MOST = 3;

/**
 * The known names that look most like one nobody knows, the nearest first: those it takes few changed letters to reach.
 * @example
 * nearestNames("text.sumarize", ["text.summarize", "csv.profile"]) // ["text.summarize"]
 */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const furthest = Math.max(2, Math.floor(name.length / 2));
  return known
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((a, b) => a.distance - b.distance || (a.other < b.other ? -1 : 1))
    .slice(0, MOST)
    .map(({ other }) => other);
}

/** Letters to insert, delete or replace on the way from one text to the other (Levenshtein 1966, by Wagner and Fischer's rows). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at += 1) {
    const next = [at + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = row[column - 1]! + (to[column - 1] === from[at] ? 0 : 1);
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
