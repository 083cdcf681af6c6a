import { expect, test } from "vitest";
import { splitSentences } from "./split-sentences.ts";

test.each([
  ["One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]],
  [
    "Dr. Smith met Mrs. Jones, e.g. at 10 a.m. on Monday. They talked.",
    ["Dr. Smith met Mrs. Jones, e.g. at 10 a.m. on Monday.", "They talked."],
  ],
  ["Version 3.5 is out. It costs 1,000.50 dollars.", ["Version 3.5 is out.", "It costs 1,000.50 dollars."]],
  ["Open README.md first. Then node.js.", ["Open README.md first.", "Then node.js."]],
  ["J. S. Bach wrote it. We play.", ["J. S. Bach wrote it.", "We play."]],
  ["He said “Go.” She went.", ["He said “Go.”", "She went."]],
  ["Wait... what? Yes.", ["Wait... what?", "Yes."]],
  ["Das gilt z.B. für uns. Und d.h. für alle.", ["Das gilt z.B. für uns.", "Und d.h. für alle."]],
  ["今日は晴れです。明日は雨でしょう。", ["今日は晴れです。", "明日は雨でしょう。"]],
  ["", []],
])("%j is split where its sentences end", (paragraph, sentences) => {
  expect(splitSentences(paragraph)).toEqual(sentences);
});
