import fc from "fast-check";
import { expect, test } from "vitest";
import { delimiters, parseCsv, sniffDelimiter } from "./parse-csv.ts";

test.each([
  [
    "a,b\r\n1,2\r\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a,b\r1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ['"a ""quoted"" word","b,c","d\r\ne"\r\n', [['a "quoted" word', "b,c", "d\r\ne"]]],
  [
    "a,,\n,,",
    [
      ["a", "", ""],
      ["", "", ""],
    ],
  ],
  ["\ufeffa\n\nb\n", [["a"], ["b"]]],
  ['"",x', [["", "x"]]],
  ["", []],
])("%j is read by RFC 4180", (text, rows) => {
  expect(parseCsv(text, ",")).toEqual({ rows, warnings: [] });
});

test("broken quoting is told, and loses nothing", () => {
  expect(parseCsv('a,"b\nc', ",")).toEqual({
    rows: [["a", "b\nc"]],
    warnings: ["row 1 has a quote that is never closed"],
  });
  expect(parseCsv('"a"b,c', ",")).toEqual({ rows: [["ab", "c"]], warnings: ["row 1 has text behind a closing quote"] });
  expect(parseCsv('a "b" c,d', ",")).toEqual({ rows: [['a "b" c', "d"]], warnings: [] });
});

test("what is written by the format is read back as it was", () => {
  const field = fc.string({ unit: fc.constantFrom("a", "b", '"', ",", ";", "\n", "\r", " ", "é"), maxLength: 8 });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) =>
      fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
    );
  fc.assert(
    fc.property(table, fc.constantFrom(...delimiters), fc.constantFrom("\n", "\r\n"), (rows, delimiter, end) => {
      const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter)).join(end);
      expect(parseCsv(text, delimiter)).toEqual({ rows, warnings: [] });
    }),
  );
});

test.each([
  ["a,b,c\n1,2,3\n", ","],
  ["a;b;c\n1,5;2,5;3\n", ";"],
  ["a\tb\n1\t2, 3\n", "\t"],
  ["a|b\n1|2\n", "|"],
  ['name,"a;b;c"\nx,"d;e;f"\n', ","],
  ["only one column\nand, no more\n", ","],
])("the delimiter of %j is found", (text, delimiter) => {
  expect(sniffDelimiter(text)).toBe(delimiter);
});
