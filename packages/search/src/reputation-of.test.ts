import fc from "fast-check";
import { expect, test } from "vitest";
import { reputationOf } from "./reputation-of.ts";

const count = fc.integer({ min: 0, max: 10_000 });

test("a delivery never lowers a reputation, a failure never raises it, and it stays below the share delivered", () => {
  fc.assert(
    fc.property(count, count, (delivered, failed) => {
      const reputation = reputationOf({ delivered, failed });
      expect(reputation).toBeGreaterThanOrEqual(0);
      expect(reputation).toBeLessThanOrEqual(delivered + failed === 0 ? 0 : delivered / (delivered + failed));
      expect(reputationOf({ delivered: delivered + 1, failed })).toBeGreaterThanOrEqual(reputation);
      expect(reputationOf({ delivered, failed: failed + 1 })).toBeLessThanOrEqual(reputation);
    }),
  );
});

test("many executions say more than few that went as well", () => {
  expect(reputationOf({ delivered: 100, failed: 0 })).toBeCloseTo(0.963, 3);
  expect(reputationOf({ delivered: 1, failed: 0 })).toBeCloseTo(0.207, 3);
  expect(reputationOf({ delivered: 0, failed: 0 })).toBe(0);
});
