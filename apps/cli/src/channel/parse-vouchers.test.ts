import fc from "fast-check";
import { expect, it } from "vitest";
import { parseVouchers, writeVoucher } from "./parse-vouchers.ts";

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((given): `0x${string}` => `0x${Buffer.from(given).toString("hex")}`);
const voucher = fc.record({ channelId: hex(32), amount: fc.bigInt({ min: 0n, max: 2n ** 120n }), signature: hex(65) });

it("reads back every voucher it writes, one a line", () => {
  fc.assert(
    fc.property(fc.array(voucher, { minLength: 1, maxLength: 5 }), (vouchers) => {
      const text = vouchers.map((each) => `${JSON.stringify(writeVoucher(each))}\n`).join("");
      expect(parseVouchers(text)).toEqual(vouchers);
    }),
  );
});

it("says which line is no voucher, and why", () => {
  const good = JSON.stringify(
    writeVoucher({ channelId: `0x${"11".repeat(32)}`, amount: 5n, signature: `0x${"22".repeat(65)}` }),
  );
  expect(() => parseVouchers("\n")).toThrow("no voucher");
  expect(() => parseVouchers(`${good}\nvoucher`)).toThrow("line 2 is not JSON");
  expect(() => parseVouchers(good.replace('"5"', "5"))).toThrow("an amount in digits, got 5");
  expect(() => parseVouchers(good.replace("0x22", "0x"))).toThrow("a signature of 65 bytes");
  expect(() => parseVouchers("null")).toThrow("an amount in digits");
});
