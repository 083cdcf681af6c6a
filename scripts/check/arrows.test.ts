import { expect, test } from "vitest";
import { problemsOf } from "./arrows.ts";

const importing = (path: string, specifier: string) =>
  problemsOf({ path, imports: [{ specifier, line: 3, kind: "load" }] });

test("an import along an arrow passes", () => {
  expect(importing("packages/core/src/auction/clear.ts", "@stoa/protocol")).toEqual([]);
  expect(importing("packages/core/src/auction/clear.ts", "../ledger/book.ts")).toEqual([]);
  expect(importing("packages/core/src/auction/clear.ts", "viem")).toEqual([]);
});

test("an import against the arrows is named with its place", () => {
  expect(importing("packages/core/src/auction/clear.ts", "@stoa/store")).toEqual([
    "packages/core/src/auction/clear.ts:3: packages/core may import protocol, not @stoa/store",
  ]);
});

test("the server sees the sandbox's admission and nothing else of it", () => {
  expect(importing("apps/server/src/publish.ts", "@stoa/sandbox/admission")).toEqual([]);
  expect(importing("apps/server/src/publish.ts", "@stoa/sandbox")).toHaveLength(1);
});

test("nothing reaches into another workspace by path, tests neither", () => {
  expect(importing("packages/core/src/a.ts", "../../store/src/index.ts")).toHaveLength(1);
  expect(importing("packages/core/tests/a.test.ts", "../../store/src/index.ts")).toHaveLength(1);
});

test("tests, benches, scripts and the testkit may import any package by name", () => {
  for (const path of [
    "packages/core/src/a.test.ts",
    "packages/core/tests/b.ts",
    "bench/x/main.ts",
    "scripts/start.ts",
  ]) {
    expect(importing(path, "@stoa/server")).toEqual([]);
  }
  expect(importing("packages/testkit/src/index.ts", "@stoa/server")).toEqual([]);
});

test("a workspace nobody drew arrows for is a problem", () => {
  expect(importing("packages/surprise/src/index.ts", "@stoa/core")).toHaveLength(1);
});
