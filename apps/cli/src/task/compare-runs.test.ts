import { hashJson, type Json } from "@stoa/protocol";
import type { ExecutionOutcome } from "@stoa/sandbox";
import { expect, test } from "vitest";
import { compareRuns } from "./compare-runs.ts";

const gave = (output: Json, fuel: number): ExecutionOutcome => ({
  status: "ok",
  output,
  stats: { wallMs: 1, logBytes: 0, fuel },
});
const delivered = (output: Json, fuel: number | null) => ({ output, hash: hashJson(output), fuel });

test("the same output for the same fuel is the same, whatever order its keys have", () => {
  expect(compareRuns(delivered({ a: 1, b: 2 }, 900), gave({ b: 2, a: 1 }, 900))).toEqual([]);
  expect(compareRuns(delivered([1], null), gave([1], 900))).toEqual([]);
});

test("what differs is told by its place, the fuel beside it", () => {
  expect(compareRuns(delivered({ words: 3 }, 900), gave({ words: 4 }, 901))).toEqual([
    "/words: expected 3, got 4",
    "it used 900 of fuel there, 901 here",
  ]);
});

test("a run that fails here is told with its reason", () => {
  const failed: ExecutionOutcome = {
    status: "failed",
    reason: "fuel_limit",
    message: "it used up its fuel",
    stats: { wallMs: 1, logBytes: 0 },
  };
  expect(compareRuns(delivered(1, 900), failed)).toEqual(["here it failed with fuel_limit: it used up its fuel"]);
});
