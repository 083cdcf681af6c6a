import fc from "fast-check";

/** A change of bytes, at places given as shares of the whole: it fits inputs of any length, and shrinks. */
type Change =
  | { kind: "set"; at: number; value: number }
  | { kind: "flip"; at: number; bit: number }
  | { kind: "cut"; at: number; length: number }
  | { kind: "double"; at: number; length: number; times: number }
  | { kind: "put"; at: number; bytes: Uint8Array }
  | { kind: "move"; at: number; length: number; to: number };

/** Numbers that parsers trip over, as LEB128 and in four bytes. */
const edges = [
  [0x00],
  [0x7f],
  [0x80, 0x01],
  [0xff, 0xff, 0x03],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0x00, 0x00, 0x00, 0x80],
].map((bytes) => Uint8Array.from(bytes));

const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const length = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 512 }));
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), at, value: fc.nat(255) }),
  fc.record({ kind: fc.constant("flip" as const), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant("cut" as const), at, length }),
  fc.record({ kind: fc.constant("double" as const), at, length, times: fc.integer({ min: 1, max: 50 }) }),
  fc.record({
    kind: fc.constant("put" as const),
    at,
    bytes: fc.oneof(fc.constantFrom(...edges), fc.uint8Array({ maxLength: 16 })),
  }),
  fc.record({ kind: fc.constant("move" as const), at, length, to: at }),
);

function apply(bytes: Buffer, made: Change): Buffer {
  const start = Math.floor(made.at * bytes.length);
  const before = bytes.subarray(0, start);
  const piece = (size: number) => bytes.subarray(start, start + size);
  switch (made.kind) {
    case "set":
    case "flip": {
      const copy = Buffer.from(bytes);
      if (start < copy.length) copy[start] = made.kind === "set" ? made.value : copy[start]! ^ (1 << made.bit);
      return copy;
    }
    case "cut":
      return Buffer.concat([before, bytes.subarray(start + made.length)]);
    case "double":
      return Buffer.concat([
        before,
        ...Array.from({ length: made.times + 1 }, () => piece(made.length)),
        bytes.subarray(start + made.length),
      ]);
    case "put":
      return Buffer.concat([before, made.bytes, bytes.subarray(start + made.bytes.length)]);
    case "move": {
      const rest = Buffer.concat([before, bytes.subarray(start + made.length)]);
      const to = Math.floor(made.to * rest.length);
      return Buffer.concat([rest.subarray(0, to), piece(made.length), rest.subarray(to)]);
    }
  }
}

/** Valid bytes with a few changes, often with one alone: it comes further. */
export function mutated(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> {
  const changes = fc.oneof(
    change.map((one) => [one]),
    fc.array(change, { minLength: 1, maxLength: 6 }),
  );
  return fc.tuple(valid, changes).map(([bytes, changes]) => changes.reduce(apply, Buffer.from(bytes)));
}
