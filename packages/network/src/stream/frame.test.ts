import { StoaError } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame } from "./frame.ts";

const count = fc.nat();

describe("a frame", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(count, count, fc.array(fc.jsonValue()), fc.array(fc.jsonValue()), (seq, ack, messages, notices) => {
        const texts = (values: unknown[]) => values.map((value) => JSON.stringify(value));
        const read = decodeFrame(encodeFrame(seq, ack, texts(messages), texts(notices)));
        expect(JSON.stringify(read)).toBe(JSON.stringify({ seq, ack, messages, notices }));
      }),
    );
  });

  it("that is anything else is refused with a reason, whatever the bytes", () => {
    const whole = encodeFrame(1, 2, ['{"type":"x"}'], []);
    const mangled = fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => whole.with(at, byte));
    const anything = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new TextEncoder().encode(text)),
      mangled,
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          decodeFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(StoaError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
