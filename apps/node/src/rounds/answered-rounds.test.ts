import type { Hash } from "@stoa/protocol";
import { expect, it } from "vitest";
import { createAnsweredRounds, roundUntil } from "./answered-rounds.ts";

const id = (index: number): Hash => `0x${index.toString(16).padStart(64, "0")}`;

it("takes a round up once, however many come in between", () => {
  let now = 1_000_000;
  const answered = createAnsweredRounds([], () => now);
  const until = roundUntil({ openedAt: now, windowMs: 1_000 });
  expect(answered.take(id(0), until)).toBe(true);
  for (let index = 1; index < 5_000; index += 1) expect(answered.take(id(index), until)).toBe(true);
  expect(answered.take(id(0), until)).toBe(false);
  now = until;
  expect(answered.take(id(0), until)).toBe(false);
});

it("takes no round up whose time has passed, so that forgetting one is safe", () => {
  let now = 1_000_000;
  const answered = createAnsweredRounds([], () => now);
  const until = roundUntil({ openedAt: now, windowMs: 1_000 });
  answered.take(id(0), until);
  now = until + 1;
  for (let index = 1; index < 3_000; index += 1) answered.take(id(index), now + 1);
  expect(answered.take(id(0), until)).toBe(false);
});

it("takes up nothing the node answered before it was started", () => {
  const answered = createAnsweredRounds([[id(1), 2_000]], () => 1_000);
  expect([answered.take(id(1), 9_000), answered.take(id(2), 9_000)]).toEqual([false, true]);
});
