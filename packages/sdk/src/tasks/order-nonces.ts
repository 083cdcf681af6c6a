import { randomNonce } from "./random-nonce.ts";

/** Nonces whose spending the vault keeps in one word of storage. */
const TOGETHER = 128n;

/**
 * Nonces nobody has used, for the orders of one client: the vault keeps neighbours in one word, which makes each but the
 * first a third cheaper to settle. Clients of one wallet need not know of each other.
 * @example
 * const next = orderNonces();
 * next() + 1n === next(); // nearly always
 */
export function orderNonces(): () => bigint {
  let next = 0n;
  return () => {
    if (next % TOGETHER === 0n) next = randomNonce() & ~(TOGETHER - 1n);
    return next++;
  };
}
