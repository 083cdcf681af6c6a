import { expect, test } from "vitest";
import { chooseSentences } from "./choose-sentences.ts";
import { likeness, rankSentences, termVectors } from "./rank-sentences.ts";

const quiet = () => undefined;

test("likeness is 1 for the same terms and 0 for none in common", () => {
  const [a, b, c] = termVectors([
    ["red", "apple"],
    ["red", "apple"],
    ["blue", "sea"],
  ]);
  expect(likeness(a!, b!)).toBeCloseTo(1);
  expect(likeness(a!, c!)).toBe(0);
});

test("the sentence that shares terms with most others is the most central", () => {
  const vectors = termVectors([
    ["apple", "red"],
    ["apple", "pear", "plum"],
    ["pear", "green"],
    ["plum", "blue"],
    ["stone", "grey"],
  ]);
  const ranks = rankSentences(vectors, [1, 1, 1, 1, 1], quiet);
  expect(Math.max(...ranks)).toBe(ranks[1]);
  expect(ranks[1]).toBe(1);
});

test("sentences without terms, or without any likeness, still get a rank", () => {
  expect(rankSentences(termVectors([[], [], []]), [1, 1, 1], quiet).every(Number.isFinite)).toBe(true);
  expect(rankSentences([], [], quiet)).toEqual([]);
});

test("what is said twice is chosen once", () => {
  const vectors = termVectors([
    ["apple", "red"],
    ["apple", "red"],
    ["sea", "blue"],
  ]);
  expect(chooseSentences([1, 0.9, 0.6], vectors, 2)).toEqual([0, 2]);
  expect(chooseSentences([1, 0.9, 0.6], vectors, 9)).toEqual([0, 1, 2]);
});
