import fc from "fast-check";
import { toHex } from "viem";
import { expect, test } from "vitest";
import { writeHex } from "./write-hex.ts";

test("hex of the right length is written as its bytes, in either case, and nothing beside them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (given, isUpper) => {
      const digits = toHex(given).slice(2);
      const bytes = new Uint8Array(given.length + 2);
      expect(writeHex(`0x${isUpper ? digits.toUpperCase() : digits}`, given.length, bytes, 1)).toBe(true);
      expect([...bytes]).toEqual([0, ...given, 0]);
    }),
  );
});

test("what is no hex of that length is refused, whatever stands in it", () => {
  const wrong = ["0x0", "0x000", "0000", "0X00", "0x0g", "0x:0", "0xé0", "0x0\uff11", "0x 1", 0, null, undefined];
  for (const text of wrong) expect(writeHex(text, 1, new Uint8Array(1), 0), String(text)).toBe(false);
});
