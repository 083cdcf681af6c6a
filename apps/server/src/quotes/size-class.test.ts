import { limits } from "@stoa/protocol";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sizeClass } from "./size-class.ts";

it("a size class holds its sizes, is at most a quarter above them, and there are few", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: limits.inputBytes }), (bytes) => {
      const quoted = sizeClass(bytes);
      expect(quoted).toBeGreaterThanOrEqual(bytes);
      expect(quoted).toBeLessThanOrEqual(Math.max(1_024, bytes * 1.25 + 1));
      expect(sizeClass(quoted)).toBe(quoted);
    }),
  );
  const classes = new Set(Array.from({ length: 4_096 }, (_, at) => sizeClass(at * 256)));
  expect(classes.size).toBeLessThanOrEqual(4 * 10 + 1);
});
