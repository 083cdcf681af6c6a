import { expect, test } from "vitest";
import { fuseRankings } from "./fuse-rankings.ts";

const ranking = (...documents: number[]) => documents.map((document, at) => ({ document, score: 1 / (at + 1) }));
const byNumber = (a: number, b: number) => a - b;

test("what is first in every ranking has a score of one, and nothing has more", () => {
  const fused = fuseRankings([ranking(3, 1, 2), ranking(3, 2, 4), ranking()], byNumber);
  expect(fused[0]).toEqual({ document: 3, score: 1_000_000_000 });
  expect(fused.map(({ document }) => document)).toEqual([3, 2, 1, 4]);
});

test("being found in two ways counts more than being first in one", () => {
  const [first] = fuseRankings([ranking(1, 2), ranking(5, 2)], byNumber);
  expect(first?.document).toBe(2);
});

test("of equal scores, those that come before others do", () => {
  expect(fuseRankings([ranking(2), ranking(1)], byNumber).map(({ document }) => document)).toEqual([1, 2]);
});
