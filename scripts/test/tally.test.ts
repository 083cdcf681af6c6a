import { expect, test } from "vitest";
import { readTally } from "./tally.ts";

test("the last counting line is what counts", () => {
  const output =
    "Suite result: ok. 3 passed; 0 failed; 0 skipped\nRan 2 test suites: 12 tests passed, 1 failed, 2 skipped (15 total tests)\nbye";
  expect(readTally(output, 1)).toEqual({ passed: 12, failed: 1, skipped: 2 });
});

test("a runner that fails without counting a failure counts as one failure", () => {
  expect(readTally("", 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(readTally("4 passed, 0 failed", null)).toEqual({ passed: 4, failed: 1, skipped: 0 });
});
