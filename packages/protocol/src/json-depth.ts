/** Deepest nesting of any JSON the market takes in: what walks it by recursion stays far from its stack's end. */
export const MAX_JSON_DEPTH = 64;

/**
 * True when a JSON value nests lists and objects deeper than `most` levels.
 * @example
 * isTooDeep([[1]], 1) // true
 */
export function isTooDeep(value: unknown, most = MAX_JSON_DEPTH): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const containers = level.filter((item): item is object => typeof item === "object" && item !== null);
    if (containers.length > 0 && depth >= most) return true;
    level = containers.flatMap((item) => Object.values(item) as unknown[]);
  }
  return false;
}
