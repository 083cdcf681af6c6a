import { expect, test } from "vitest";
import { plainBlocks, plainText } from "./plain-blocks.ts";

test("marks of Markdown and HTML go, what a reader sees stays", () => {
  expect(
    plainText(
      "A **bold** and *slanted* [link](https://x.y/z_(w)) to `code_here` ![img](a.png) <b>tag</b> &amp; a_b_c 2*3*4",
    ),
  ).toBe("A bold and slanted link) to code_here tag & a_b_c 2*3*4");
  expect(plainText("see <https://example.org/a> and \\*this\\*")).toBe("see example.org/a and *this*");
});

test("code, tables, comments, front matter, pictures and rules are no prose", () => {
  const text = [
    "---",
    "title: x",
    "---",
    "# Name",
    "",
    "[![badge](b.svg)](c)",
    "",
    "First line",
    "of a paragraph.",
    "",
    "```js",
    "const a = 1; // # not a heading",
    "```",
    "",
    "| a | b |",
    "|---|---|",
    "| 1 | 2 |",
    "",
    "<!-- hidden",
    "words -->",
    "",
    "Title",
    "=====",
    "",
    "> Quoted prose.",
    "",
    "- [x] one item",
    "  going on",
    "- two",
    "",
    "1. three",
    "",
    "    indented code",
    "",
    "[ref]: https://x.y",
    "",
    "---",
    "",
    "~~~",
    "never closed",
  ].join("\n");
  expect(plainBlocks(text)).toEqual([
    { text: "First line of a paragraph.", kind: "paragraph", heading: "Name" },
    { text: "Quoted prose.", kind: "paragraph", heading: "Title" },
    { text: "one item going on", kind: "item", heading: "Title" },
    { text: "two", kind: "item", heading: "Title" },
    { text: "three", kind: "item", heading: "Title" },
  ]);
});
