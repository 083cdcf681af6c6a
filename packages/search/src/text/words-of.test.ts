import { expect, test } from "vitest";
import { wordsOf } from "./words-of.ts";

test.each([
  ["Résumé of a CSV", ["resume", "of", "a", "csv"]],
  ["text.summarize", ["text", "summarize"]],
  ["utf-8, IPv6 & 3D", ["utf", "8", "ipv6", "3d"]],
  ["ΕΛΛΗΝΙΚΆ Straße", ["ελληνικα", "straße"]],
  ["日本語の文書", ["日本", "本語", "語の", "の文", "文書"]],
  ["한국어 문서", ["한국어", "문서"]],
  ["字", ["字"]],
  [" .-!", []],
  ["x".repeat(50), ["x".repeat(40)]],
])("the words of %j are those people would look for", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});
