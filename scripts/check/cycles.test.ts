import { expect, test } from "vitest";
import { circlesIn } from "./cycles.ts";

test("a circle is shown as the way around it", () => {
  const edges = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["b"]],
  ]);
  expect(circlesIn(edges)).toEqual([["b", "c", "b"]]);
});

test("two ways to the same file are no circle", () => {
  const edges = new Map([
    ["a", ["b", "c"]],
    ["b", ["d"]],
    ["c", ["d"]],
    ["d", []],
  ]);
  expect(circlesIn(edges)).toEqual([]);
});
