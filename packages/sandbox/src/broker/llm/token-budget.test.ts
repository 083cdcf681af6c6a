import fc from "fast-check";
import { expect, test } from "vitest";
import { GrantRefusal } from "../grant-refusal.ts";
import { llmLimits, type Models } from "./model-settings.ts";
import { openTokenBudget, type Reservation } from "./token-budget.ts";

const price = { inputPrice: 1_000_000n, outputPrice: 3_000_000n };
const models: Models = new Map([
  ["small", { provider: "openai", model: "m", baseUrl: "http://a", key: "k", ...price }],
]);

/** Reserves, or gives undefined when that is refused. */
function tryReserve(budget: ReturnType<typeof openTokenBudget>, bytes: number, wanted: number) {
  try {
    return budget.reserve("small", bytes, wanted);
  } catch (error) {
    if (error instanceof GrantRefusal) return undefined;
    throw error;
  }
}

const step = fc.record({
  bytes: fc.nat(4_000),
  wanted: fc.nat(2_000),
  /** Which of the calls under way ends now, and how. */
  ends: fc.option(fc.record({ which: fc.nat(9), how: fc.constantFrom("settle", "release", "charge") })),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("calls side by side never use more than the budget, however they end", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.array(step, { maxLength: 60 }), (total, steps) => {
      const budget = openTokenBudget(total, models);
      const open: { reservation: Reservation; input: number }[] = [];
      for (const { bytes, wanted, ends, part } of steps) {
        const reservation = tryReserve(budget, bytes, wanted);
        if (reservation) open.push({ reservation, input: Math.ceil(bytes / 4) });
        expect(budget.left()).toBeGreaterThanOrEqual(0);
        const [ending] = ends && open.length > 0 ? open.splice(ends.which % open.length, 1) : [];
        if (!ending || !ends) continue;
        const told = { input: ending.input, output: Math.floor(ending.reservation.maxTokens * part) };
        if (ends.how === "settle") ending.reservation.settle(told);
        else ending.reservation[ends.how]();
        // Only the first word counts.
        ending.reservation.charge();
      }
      const [used] = budget.close();
      const { inputTokens, outputTokens, cost } = used ?? { inputTokens: 0, outputTokens: 0, cost: "0" };
      expect(inputTokens + outputTokens).toBeLessThanOrEqual(total);
      expect(cost).toBe(String(inputTokens + 3 * outputTokens));
    }),
  );
});

test.each([undefined, Number.NaN, -1, Number.POSITIVE_INFINITY])(
  "a provider that tells %s of its tokens is counted by estimate",
  (told) => {
    const budget = openTokenBudget(1_000, models);
    const used = budget.reserve("small", 400, 50).settle({ input: told, output: told }, 80);
    expect(used).toEqual({ input: 100, output: 20 });
  },
);

test("a provider is not asked for ever, even when it takes nothing for it", () => {
  const budget = openTokenBudget(1_000, models);
  for (let call = 0; call < llmLimits.calls; call += 1) budget.reserve("small", 4, 1).release();
  expect(() => budget.reserve("small", 4, 1)).toThrow("1000 times");
  expect(budget.close()).toEqual([]);
});
