import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameReader, encodeFrame, type Frame } from "./frame.ts";
import { readFromChild } from "./messages.ts";

const frames = fc.array(
  fc.record({ message: fc.dictionary(fc.string(), fc.jsonValue()), bytes: fc.uint8Array({ maxLength: 200 }) }),
  { maxLength: 8 },
);

test("frames come out as they went in, however the stream is cut", () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(({ message, bytes }) => encodeFrame(message, bytes)));
      const { read } = createFrameReader(1 << 20);
      const received: Frame[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const next = at + cuts[turn % cuts.length]!;
        received.push(...read(stream.subarray(at, next)));
        at = next;
      }
      expect(received.map(({ message, bytes }) => ({ message: JSON.stringify(message), bytes: [...bytes] }))).toEqual(
        sent.map(({ message, bytes }) => ({ message: JSON.stringify(message), bytes: [...bytes] })),
      );
    }),
  );
});

test.each([
  ["is too long", Buffer.from([0xff, 0xff, 0xff, 0x7f]), "at most 1000"],
  ["is too short", Buffer.from([1, 0, 0, 0, 0]), "a frame of 1 bytes"],
  ["announces more JSON than there is", Buffer.from([4, 0, 0, 0, 9, 0, 0, 0]), "announces 9"],
  ["holds no JSON", Buffer.from([5, 0, 0, 0, 1, 0, 0, 0, 0x7b]), "JSON"],
])("a frame that %s is refused before it is waited for", (_, bytes, message) => {
  expect(() => createFrameReader(1_000).read(bytes)).toThrow(message);
});

test("no value but a whole message of the protocol passes for one", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const message = readFromChild(value);
      if (message !== undefined) expect(["ready", "loaded"]).toContain(message.type);
    }),
  );
  expect(readFromChild({ type: "log", text: 1 })).toBeUndefined();
  expect(readFromChild({ type: "progress", fraction: 2, text: "" })).toBeUndefined();
  expect(readFromChild({ type: "failed", reason: "cancelled", message: "", cpuMs: 0 })).toBeUndefined();
  expect(readFromChild({ type: "failed", reason: "crashed", message: "", cpuMs: -1 })).toBeUndefined();
  expect(readFromChild({ type: "done", cpuMs: 1, peakMemoryMb: Infinity })).toBeUndefined();
  expect(readFromChild({ type: "done", cpuMs: 1, peakMemoryMb: 1 })).toBeDefined();
});
