import fc from "fast-check";

/** What the market promises whatever comes, held against random markets. */
export interface Law {
  promise: string;
  /** Markets to try in a normal run; a soak tries many times as many. */
  runs: number;
  /** @throws on the first market that breaks the law, with the market */
  hold: (runs: number, seed?: number) => Promise<void>;
}

/** @param check throws when the law is broken */
export function law<T>(
  promise: string,
  runs: number,
  markets: fc.Arbitrary<T>,
  check: (drawn: T) => void | Promise<void>,
): Law {
  const property = fc.asyncProperty(markets, async (drawn) => {
    await check(drawn);
  });
  return {
    promise,
    runs,
    hold: (numRuns, seed) => fc.assert(property, { numRuns, ...(seed === undefined ? {} : { seed }) }),
  };
}
