/** What of a node's winnings belongs to one of its tasks; all scaled. */
export interface Winning {
  weight: bigint;
  margin: bigint;
}

/**
 * Splits a node's P over its tasks, exactly: `s_i = m_i +` a part of `P − Σ m` in proportion to `w_i − m_i`.
 * Each part is rounded down and the few units left over go one each to the largest remainders, the first
 * given first among equals; so `Σ s = P` and `0 ≤ m_i ≤ s_i ≤ w_i`.
 * @param winnings in an order that everybody agrees on
 * @example
 * splitPayment(10n, [{ weight: 9n, margin: 1n }, { weight: 6n, margin: 2n }]) // [6n, 4n]
 */
export function splitPayment(payment: bigint, winnings: readonly Winning[]): bigint[] {
  const rooms = winnings.map(({ weight, margin }) => weight - margin);
  const room = rooms.reduce((sum, part) => sum + part, 0n);
  const rest = winnings.reduce((left, { margin }) => left - margin, payment);
  if (room === 0n) return winnings.map(({ margin }) => margin);
  const remainders = rooms.map((part, index) => ({ index, remainder: (rest * part) % room }));
  const shares = winnings.map(({ margin }, index) => margin + (rest * rooms[index]!) / room);
  const missing = payment - shares.reduce((sum, share) => sum + share, 0n);
  // Stable: equal remainders keep the agreed order.
  remainders.sort((a, b) => (a.remainder < b.remainder ? 1 : a.remainder > b.remainder ? -1 : 0));
  for (const { index } of remainders.slice(0, Number(missing))) shares[index]! += 1n;
  return shares;
}
