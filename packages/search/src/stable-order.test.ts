import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNames, placeOf } from "./stable-order.ts";

const named = fc.string({ maxLength: 4 }).map((name) => ({ name, place: placeOf(name) % 5 }));

test("names are in one order, whichever way they are compared", () => {
  fc.assert(
    fc.property(named, named, named, (a, b, c) => {
      expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) + 0);
      expect(compareNames(a, b) === 0).toBe(a.name === b.name);
      if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) expect(compareNames(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
