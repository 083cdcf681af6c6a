import pico from "picocolors";
import { describe, expect, it } from "vitest";
import { fields, table } from "./table.ts";

const plain = pico.createColors(false);

describe("a table", () => {
  it("lines its columns up, numbers to the right", () => {
    const rows = [
      { name: "a", count: 7 },
      { name: "longer", count: 1_234 },
    ];
    const text = table(plain, rows, [
      { title: "name", value: ({ name }) => name },
      { title: "count", value: ({ count }) => String(count), right: true },
    ]);
    expect(text).toBe(["name    count", "a           7", "longer   1234"].join("\n"));
  });

  it("gives colours no room", () => {
    const colours = pico.createColors(true);
    const text = table(
      colours,
      ["a", "bb"],
      [
        { title: "x", value: (row) => colours.red(row) },
        { title: "y", value: () => "|" },
      ],
    );
    const plainLines = text.replace(/\u001B\[\d+m/g, "").split("\n");
    expect(plainLines).toEqual(["x   y", "a   |", "bb  |"]);
  });

  it("leaves out fields without a value", () => {
    expect(
      fields(plain, [
        ["id", "1"],
        ["memo", undefined],
        ["state", "open"],
      ]),
    ).toBe("id     1\nstate  open");
  });
});
