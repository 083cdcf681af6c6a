import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

it("waits between half and all of a time that doubles from 0.1 s to 5 s", () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const whole = Math.min(5_000, 100 * 2 ** Math.min(attempt, 20));
      expect(backoffMs(attempt, random)).toBeGreaterThanOrEqual(whole / 2);
      expect(backoffMs(attempt, random)).toBeLessThanOrEqual(whole);
    }),
  );
});
