/** The terms of a failed award and of what came instead; amounts in the token's smallest unit. */
export interface Failure {
  /** r: the task's reserve price. */
  reserve: bigint;
  failed: { quality: bigint; price: bigint; fee: bigint };
  /** Null when the task stays unserved. */
  replacement: { quality: bigint; price: bigint; fee: bigint } | null;
  /** What the failed node put at stake for one slot. */
  bond: bigint;
}

export interface Damages {
  /** D: what the failed node owes, at most its bond. */
  owed: bigint;
  /** Makes the requester whole for what it pays more, fee included. */
  toRequester: bigint;
  /** The rest: it goes to nobody who took part, so that inflated maxima earn nothing. */
  toFaultPool: bigint;
}

const atLeastZero = (value: bigint) => (value > 0n ? value : 0n);
const lesser = (a: bigint, b: bigint) => (a < b ? a : b);

/**
 * What a node owes for an award it failed: what the requester's side lost by it,
 * `D = max(0, (r + q_old − p₁) − (r + q_new − p₂))`, the last bracket 0 when unserved, capped by its bond.
 * @example
 * damages({ reserve: 100n, failed: { quality: 0n, price: 40n, fee: 0n }, replacement: { quality: 0n, price: 55n, fee: 0n }, bond: 50n })
 * // { owed: 15n, toRequester: 15n, toFaultPool: 0n }
 */
export function damages({ reserve, failed, replacement, bond }: Failure): Damages {
  const before = reserve + failed.quality - failed.price;
  const after = replacement ? reserve + replacement.quality - replacement.price : 0n;
  const owed = lesser(atLeastZero(before - after), bond);
  const extra = replacement ? replacement.price + replacement.fee - failed.price - failed.fee : 0n;
  const toRequester = lesser(atLeastZero(extra), owed);
  return { owed, toRequester, toFaultPool: owed - toRequester };
}
