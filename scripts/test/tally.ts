export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export function addTallies(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

const COUNT = /(\d+)\s+(?:tests?\s+)?(passed|failed|skipped)\b/g;

/**
 * Reads the last line of a runner's output that counts tests; a runner that failed without counting a failure
 * counts as one.
 * @param exitCode of the runner, null when a signal ended it
 */
export function readTally(output: string, exitCode: number | null): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  const line = output.split("\n").findLast((text) => /\d+\s+(tests?\s+)?passed\b/.test(text)) ?? "";
  for (const [, count, what] of line.matchAll(COUNT)) tally[what as keyof Tally] = Number(count);
  return exitCode === 0 ? tally : { ...tally, failed: Math.max(1, tally.failed) };
}
