import fc from "fast-check";
import { expect, test } from "vitest";
import { bestOf } from "./best.ts";

test("the best are those that sorting all of them gives", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -2, max: 6 })),
      fc.integer({ min: 1, max: 9 }),
      fc.integer(),
      (given, most, salt) => {
        const admits = (document: number) => (document ^ salt) % 3 !== 0;
        const before = (a: number, b: number) => b - a;
        const sorted = given
          .map((score, document) => ({ document, score }))
          .filter(({ document, score }) => score > 0 && admits(document))
          .sort((a, b) => b.score - a.score || before(a.document, b.document));
        expect(bestOf(Float32Array.from(given), most, { admits, before })).toEqual(sorted.slice(0, most));
      },
    ),
  );
});
