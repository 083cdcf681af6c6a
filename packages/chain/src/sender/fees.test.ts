import fc from "fast-check";
import { expect, it } from "vitest";
import { raisedFees } from "./fees.ts";

const fee = fc.bigInt({ min: 0n, max: 10n ** 15n });

it("a replacement raises both fees by an eighth at least, offers what the moment asks, and never passes the bound", () => {
  fc.assert(
    fc.property(fee, fee, fee, fee, fee, (base, tip, nowBase, nowTip, bound) => {
      const before = { maxFeePerGas: base + tip, maxPriorityFeePerGas: tip };
      const now = { maxFeePerGas: nowBase + nowTip, maxPriorityFeePerGas: nowTip };
      const raised = raisedFees(before, now, bound);
      if (raised === null) {
        expect(before.maxFeePerGas * 1_125n > bound * 1_000n - 1_000n || now.maxFeePerGas > bound).toBe(true);
        return;
      }
      expect(raised.maxFeePerGas).toBeLessThanOrEqual(bound);
      expect(raised.maxPriorityFeePerGas).toBeLessThanOrEqual(raised.maxFeePerGas);
      expect(raised.maxFeePerGas).toBeGreaterThanOrEqual(now.maxFeePerGas);
      expect(raised.maxFeePerGas).toBeGreaterThan(before.maxFeePerGas);
      expect(raised.maxFeePerGas * 1_000n).toBeGreaterThanOrEqual(before.maxFeePerGas * 1_125n);
      expect(raised.maxPriorityFeePerGas * 1_000n).toBeGreaterThanOrEqual(before.maxPriorityFeePerGas * 1_125n);
    }),
  );
});
