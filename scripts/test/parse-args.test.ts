import { expect, test } from "vitest";
import { parseArgs } from "./parse-args.ts";

test("--only names a stage, everything else is for vitest", () => {
  expect(parseArgs([])).toEqual({ only: undefined, filters: [] });
  expect(parseArgs(["packages/core", "-t", "ledger"])).toEqual({
    only: undefined,
    filters: ["packages/core", "-t", "ledger"],
  });
  expect(parseArgs(["--only", "pure", "auction"])).toEqual({ only: "pure", filters: ["auction"] });
  expect(parseArgs(["--only=contracts"])).toEqual({ only: "contracts", filters: [] });
});
