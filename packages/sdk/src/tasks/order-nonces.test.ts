import { expect, test } from "vitest";
import { orderNonces } from "./order-nonces.ts";

test("a client's orders share words of 128 nonces, none is used twice, and no two clients share a word", () => {
  const [mine, theirs] = [orderNonces(), orderNonces()];
  const taken = Array.from({ length: 300 }, mine);
  expect(new Set(taken).size).toBe(300);
  expect(new Set(taken.map((nonce) => nonce >> 7n)).size).toBe(3);
  expect(taken.every((nonce) => nonce >= 0n && nonce < 1n << 256n)).toBe(true);
  expect(theirs() >> 7n).not.toBe(taken[0]! >> 7n);
});
