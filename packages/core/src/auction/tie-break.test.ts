import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesToHex } from "viem";
import { tieBreak, tieBreaksOf } from "./tie-break.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe("the tie-break", () => {
  it("is the first two bytes of SHA-256(seed ‖ task ‖ node), for any node in any order", () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), fc.array(bytes(20), { minLength: 1 }), (seed, task, nodes) => {
        const ofNode = tieBreaksOf(bytesToHex(seed), bytesToHex(task));
        for (const node of nodes) {
          const expected = createHash("sha256").update(seed).update(task).update(node).digest().readUInt16BE(0);
          expect(ofNode(node)).toBe(expected);
          expect(tieBreak(bytesToHex(seed), bytesToHex(task), bytesToHex(node))).toBe(expected);
        }
      }),
    );
  });

  it("is the one that records made by earlier releases have", () => {
    const hash = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;
    expect(tieBreak(hash("1"), hash("2"), `0x${"3".repeat(40)}`)).toBe(7_524);
  });
});
