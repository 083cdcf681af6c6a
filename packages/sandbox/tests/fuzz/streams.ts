import fc from "fast-check";
import { encodeFrame } from "../../src/frames/frame.ts";
import { mutated } from "./mutate.ts";

const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: "binary", maxLength: 300 }));
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-1, 0, 1, 1e308));
const reason = fc.constantFrom(
  "crashed",
  "memory_limit",
  "output_limit",
  "bad_output",
  "timeout",
  "sandbox_failed",
  "",
);

/** What a sandbox process says, and what nearly is that. */
const message = fc.oneof(
  fc.record({ type: fc.constantFrom("ready", "loaded") }),
  fc.record({ type: fc.constant("log"), text }),
  fc.record({ type: fc.constant("progress"), fraction: fc.double({ min: 0, max: 1, noNaN: true }), text }),
  fc.record({ type: fc.constant("call"), method: fc.constantFrom("kv.get", "kv.set", "__proto__", "x"), json: text }),
  fc.record({ type: fc.constant("done"), cpuMs: number, peakMemoryMb: number }),
  fc.record({ type: fc.constant("failed"), reason, message: text, cpuMs: number }),
  fc.dictionary(fc.string(), fc.jsonValue()),
);
const frame = fc.tuple(message, fc.uint8Array({ maxLength: 400 })).map(([said, bytes]) => encodeFrame(said, bytes));
const valid = fc.array(frame, { maxLength: 8 }).map((frames) => Buffer.concat(frames));

/** Bytes as an escaped process could send them. */
export const stream: fc.Arbitrary<Buffer> = fc.oneof(
  valid,
  mutated(valid),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

/** The sizes of the chunks it comes in, again and again. */
export const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 2_000 })), {
  minLength: 1,
  maxLength: 10,
});

export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    // A copy of its own, as a socket gives it.
    chunks.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
}
