import { expect, test } from "vitest";
import { dayOrderOf, inferType, readDate, readNumber } from "./infer-type.ts";

test.each([
  [["1", "-2", "+3", "0"], "integer"],
  [["1,000", "25,000,000"], "integer"],
  [["1.5", "2", ".5", "1e3"], "number"],
  [["01234", "00501"], "text"],
  [["yes", "no", "Yes"], "boolean"],
  [["0", "1", "1"], "integer"],
  [["2024-01-31", "2024-02-29T12:30:00Z"], "date"],
  [["31/12/2023", "01/02/2024"], "date"],
  [["3 Mar 2024", "December 24, 2023"], "date"],
  [["2024-02-30"], "text"],
  [["a", "1"], "text"],
  [[], "empty"],
])("%j is a column of type %s", (values, type) => {
  expect(inferType(values)).toBe(type);
});

test("a column with hardly any misfits keeps its type", () => {
  const numbers = Array.from({ length: 39 }, (_, index) => String(index));
  expect(inferType([...numbers, "x"])).toBe("integer");
  expect(inferType([...numbers.slice(0, 9), "x"])).toBe("text");
});

test("a column decides once whether the day comes first", () => {
  expect(dayOrderOf(["01/02/2024", "31/12/2023"])).toBe("day-first");
  expect(dayOrderOf(["01/02/2024", "12/31/2023"])).toBe("month-first");
  expect(dayOrderOf(["01.02.2024"])).toBe("day-first");
  expect(readDate("01.02.2024", "day-first")).toBe(Date.UTC(2024, 1, 1));
  expect(readDate("2024-05-01T12:00:00+02:00", "day-first")).toBe(Date.UTC(2024, 4, 1, 10));
  expect(readDate("2024-13-01", "day-first")).toBeUndefined();
});

test("numbers are read with thousands separators, and nothing else passes for one", () => {
  expect(readNumber("1,234.5")).toBe(1234.5);
  for (const text of ["", "1,23", "0x10", "Infinity", "1.2.3", "--1"]) expect(readNumber(text)).toBeUndefined();
});
