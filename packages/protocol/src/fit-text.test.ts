import fc from "fast-check";
import { expect, test } from "vitest";
import { findUnfitText, toFitText } from "./fit-text.ts";

test("text made fit is found fit, and fit text stays as it is", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
      (text) => {
        expect(findUnfitText({ deep: [toFitText(text)] })).toBeUndefined();
        if (findUnfitText(text) === undefined) expect(toFitText(text)).toBe(text);
        else expect(findUnfitText({ deep: [1, text] })).toBe("/deep/1");
      },
    ),
  );
});

test("an unfit key is found too", () => {
  expect(findUnfitText({ a: { "b\0": 1 } })).toBe("/a/");
});
