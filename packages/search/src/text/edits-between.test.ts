import fc from "fast-check";
import { expect, test } from "vitest";
import { editsBetween } from "./edits-between.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });

/** By the definition, without a table. */
function slowly(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const ways = [
    slowly(a.slice(1), b) + 1,
    slowly(a, b.slice(1)) + 1,
    slowly(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) ways.push(slowly(a.slice(2), b.slice(2)) + 1);
  return Math.min(...ways);
}

test("slips are counted as the definition has it, up to the most that is asked for", () => {
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 3 }), (a, b, most) => {
      expect(editsBetween(a, b, most)).toBe(Math.min(slowly(a, b), most + 1));
    }),
    { numRuns: 500 },
  );
});
