import fc from "fast-check";

/** What holds whatever bytes come, held against random ones. */
export interface Law {
  promise: string;
  /** Inputs to try in a normal run; a soak tries many times as many. */
  runs: number;
  /** Most that are worth their time, where an input takes long. */
  most?: number;
  /** @throws on the first input that breaks the law, with the input and the seed that finds it again */
  hold(runs: number, seed?: number): Promise<void>;
}

/** @param check throws when the law is broken */
export function law<T>(
  promise: string,
  runs: number,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => void | Promise<void>,
  most?: number,
): Law {
  const property = fc.asyncProperty(inputs, async (input) => {
    await check(input);
  });
  return {
    promise,
    runs,
    ...(most === undefined ? {} : { most }),
    hold: (numRuns, seed) => fc.assert(property, { numRuns, ...(seed === undefined ? {} : { seed }) }),
  };
}
