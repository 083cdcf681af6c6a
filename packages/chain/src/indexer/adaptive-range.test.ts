import fc from "fast-check";
import { expect, it } from "vitest";
import { adaptiveRange } from "./adaptive-range.ts";

/** Reads `blocks` blocks from a provider that answers for `bound` at most; how many requests that took. */
function read(blocks: number, bound: (block: number) => number) {
  const range = adaptiveRange({ start: 2_000, max: 10_000 });
  let [at, requests, refusals] = [0, 0, 0];
  while (at < blocks) {
    requests += 1;
    if (range.size <= bound(at)) {
      at += range.size;
      range.succeeded();
    } else {
      refusals += 1;
      if (!range.failed()) throw new Error("refuses one block");
    }
  }
  return { requests, refusals };
}

it("reads everything from a provider of any bound, with few vain requests", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), (bound) => {
      const { requests, refusals } = read(200_000, () => bound);
      expect(refusals).toBeLessThan(14 + requests / 12);
      // At least half of what the provider would answer for is asked for, on the whole.
      expect(requests - refusals).toBeLessThan(16 + 200_000 / (Math.min(bound, 10_000) / 2));
    }),
  );
});

it("asks for much again once the dense part of the chain is over", () => {
  const { requests } = read(400_000, (block) => (block < 2_000 ? 10 : 10_000));
  expect(requests).toBeLessThan(2_000 / 5 + 400_000 / 5_000 + 60);
});
