import { expect, it } from "vitest";
import { formatPercent, parsePercent } from "./percent.ts";

it("reads and writes shares to the basis point, and none above the whole", () => {
  expect(parsePercent("12.5", "--keep")).toBe(1_250);
  expect(parsePercent("100", "--keep")).toBe(10_000);
  expect(formatPercent(1_250)).toBe("12.5 %");
  expect(() => parsePercent("100.01", "--keep")).toThrow("--keep is at most 100 percent");
  expect(() => parsePercent("1.234", "--keep")).toThrow("--keep has at most 2 decimals, got 1.234");
  expect(() => parsePercent("half", "--keep")).toThrow("--keep must be a share in percent such as 12.5");
});
