import { expect, test } from "vitest";
import { admissionLaws } from "./admission-laws.ts";
import { frameLaws } from "./frame-laws.ts";

const admission = admissionLaws();

test.each([...frameLaws, ...admission.laws].map((law) => [law.promise, law] as const))(
  "%s",
  { timeout: 120_000 },
  async (_, { hold, runs }) => {
    await expect(hold(runs)).resolves.toBeUndefined();
  },
);

test("the fuzzer of admission comes past its refusals", () => {
  expect(admission.admitted()).toBeGreaterThan(100);
});
