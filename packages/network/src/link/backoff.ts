const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * How long to wait before dialling again: doubling from 0.1 s to 5 s, spread by half so that
 * a market that comes back is not met by all its nodes at once.
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 20));
  return Math.round(whole * (0.5 + random / 2));
}
