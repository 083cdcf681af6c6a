import fc from "fast-check";
import { expect, it } from "vitest";
import { createSlots } from "./slots.ts";

it("never offers to concurrent rounds more than what does not run", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("reserve" as const), round: fc.nat(5), wanted: fc.nat(6) }),
    fc.record({ kind: fc.constant("release" as const), round: fc.nat(5) }),
    fc.record({ kind: fc.constant("take" as const), round: fc.nat(5) }),
    fc.record({ kind: fc.constant("give" as const) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step), (total, steps) => {
      const slots = createSlots(total);
      const offered = new Map<number, number>();
      for (const action of steps) {
        if (action.kind === "reserve") {
          const before = slots.free();
          const given = slots.reserve(String(action.round), action.wanted);
          expect(given).toBeLessThanOrEqual(before);
          if (given > 0) offered.set(action.round, given);
        } else if (action.kind === "release") {
          slots.release(String(action.round));
          offered.delete(action.round);
        } else if (action.kind === "take" && offered.has(action.round)) {
          slots.take(String(action.round));
          const left = offered.get(action.round)! - 1;
          if (left > 0) offered.set(action.round, left);
          else offered.delete(action.round);
        } else if (action.kind === "give" && slots.running() > 0) slots.give();
        const kept = [...offered.values()].reduce((sum, count) => sum + count, 0);
        expect(slots.running() + kept + slots.free()).toBe(total);
      }
    }),
  );
});
