import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StoaError } from "../errors.ts";
import {
  isKeptOnDisk,
  isNotice,
  marketMessageSchemas,
  nodeMessageSchemas,
  parseMarketMessage,
  parseNodeMessage,
} from "./node-messages.ts";

const hash = `0x${"ab".repeat(32)}`;
const heartbeat = { type: "heartbeat", freeSlots: 1, running: [hash] };
const logged = { type: "logged", taskId: hash, executionId: "0a1b2c3d", firstSeq: 0, lines: [{ atMs: 1, text: "x" }] };

describe("messages on a node's stream", () => {
  it("are read as they are when they fit their schema", () => {
    expect(parseNodeMessage(heartbeat)).toBe(heartbeat);
    expect(parseNodeMessage(logged)).toBe(logged);
    const closed = { type: "round.closed", roundId: hash };
    expect(parseMarketMessage(closed)).toBe(closed);
  });

  it("are refused with the field that is wrong", () => {
    expect(() => parseNodeMessage({ ...heartbeat, freeSlots: 5_000 })).toThrow("heartbeat/freeSlots must be <= 1024");
    expect(() => parseNodeMessage({ ...heartbeat, more: 1 })).toThrow("heartbeat/more");
    expect(() => parseNodeMessage({ ...logged, executionId: "../../etc" })).toThrow("logged/executionId");
    expect(() => parseNodeMessage({ ...logged, lines: Array.from({ length: 1_001 }, () => logged.lines[0]) })).toThrow(
      "logged/lines",
    );
    expect(() => parseNodeMessage({ type: "assignment" })).toThrow(/expected a message of type hello/);
    expect(() => parseMarketMessage(heartbeat)).toThrow(/expected a message of type hello.accepted/);
  });

  it("about quotes carry no maximum price, and no cost when a node does not tell it", () => {
    const asked = { type: "quote.asked", quoteId: "ab".repeat(16), capability: "text.summarize", inputBytes: 1_024 };
    expect(parseMarketMessage(asked)).toBe(asked);
    expect(() => parseMarketMessage({ ...asked, maxPrice: "5" })).toThrow("quote.asked/maxPrice");
    const answered = {
      type: "quote.answered",
      quoteId: asked.quoteId,
      reason: 0,
      freeSlots: 1,
      freeInMs: 0,
      promisedSeconds: 3,
    };
    expect(parseNodeMessage(answered)).toBe(answered);
    expect(parseNodeMessage({ ...answered, cost: "900" })).toMatchObject({ cost: "900" });
    expect(() => parseNodeMessage({ ...answered, cost: "-1" })).toThrow("quote.answered/cost");
    expect(() => parseNodeMessage({ ...answered, quoteId: "1" })).toThrow("quote.answered/quoteId");
  });

  it("with results nested beyond the protocol's depth are refused before anything walks them", () => {
    let output: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) output = [output];
    expect(() => parseNodeMessage({ type: "delivered", output })).toThrow(/nested more than 64/);
  });

  it("never make the reader throw anything but its own error, whatever they are", () => {
    const names = [
      ...Object.keys(nodeMessageSchemas),
      ...Object.keys(marketMessageSchemas),
      "__proto__",
      "constructor",
      "",
    ];
    const odd = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(fc.constantFrom(...names), fc.dictionary(fc.string(), fc.jsonValue()))
        .map(([type, fields]) => ({ ...fields, type })),
    );
    fc.assert(
      fc.property(odd, (json) => {
        for (const parse of [parseNodeMessage, parseMarketMessage]) {
          try {
            parse(json);
          } catch (error) {
            expect(error).toBeInstanceOf(StoaError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("that are kept on disk are numbered", () => {
    for (const type of [...Object.keys(nodeMessageSchemas), ...Object.keys(marketMessageSchemas)]) {
      expect(isKeptOnDisk(type) && isNotice(type)).toBe(false);
    }
  });
});
