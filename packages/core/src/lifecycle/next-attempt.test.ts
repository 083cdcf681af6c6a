import fc from "fast-check";
import { expect, test } from "vitest";
import { LONGEST_BACKOFF_SECONDS, MAX_ATTEMPTS } from "@stoa/protocol";
import { attemptsLeft, nextAttemptAt } from "./next-attempt.ts";

const policies = fc.record({
  maxAttempts: fc.integer({ min: 1, max: MAX_ATTEMPTS }),
  backoffSeconds: fc.integer({ min: 0, max: LONGEST_BACKOFF_SECONDS }),
  backoffFactor: fc.integer({ min: 1, max: 10 }),
});

test("an order that says nothing of attempts has its node faults re-awarded, and ends with its agent's failure", () => {
  const task = { spec: { startBySeconds: 1 }, attempts: 50, deliverBy: 1_000_000 };
  expect(attemptsLeft(task)).toBe(true);
  expect(nextAttemptAt(task, 0)).toBeNull();
});

test("pauses grow by their factor and never beyond the hour, and never leave less than the time to start", () => {
  fc.assert(
    fc.property(
      policies,
      fc.integer({ min: 1, max: 86_400 }),
      fc.integer({ min: 1, max: 86_400_000 }),
      (retry, startBySeconds, left) => {
        let before = 0;
        for (let attempts = 1; attempts <= MAX_ATTEMPTS + 1; attempts += 1) {
          const at = nextAttemptAt({ spec: { retry, startBySeconds }, attempts, deliverBy: left }, 0);
          if (at === null) continue;
          expect(attempts).toBeLessThan(retry.maxAttempts);
          expect(at).toBeGreaterThanOrEqual(before);
          expect(at).toBe(
            Math.min(retry.backoffSeconds * retry.backoffFactor ** (attempts - 1), LONGEST_BACKOFF_SECONDS) * 1_000,
          );
          expect(at + startBySeconds * 1_000).toBeLessThan(left);
          before = at;
        }
      },
    ),
  );
});

test("without a pause the first attempts are as many as the order allows, whatever the factor", () => {
  const spec = { retry: { maxAttempts: 3, backoffSeconds: 0, backoffFactor: 10 }, startBySeconds: 1 };
  const at = [1, 2, 3].map((attempts) => nextAttemptAt({ spec, attempts, deliverBy: 10_000 }, 5_000));
  expect(at).toEqual([5_000, 5_000, null]);
});

test("an attempt that could not start in time is not waited for", () => {
  const spec = { retry: { maxAttempts: 3, backoffSeconds: 10 }, startBySeconds: 30 };
  expect(nextAttemptAt({ spec, attempts: 1, deliverBy: 40_001 }, 0)).toBe(10_000);
  expect(nextAttemptAt({ spec, attempts: 1, deliverBy: 40_000 }, 0)).toBeNull();
});
