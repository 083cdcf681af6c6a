import fc from "fast-check";
import { Value } from "typebox/value";
import { getAddress } from "viem";
import { describe, expect, it } from "vitest";
import { MAX_AMOUNT } from "./amount.ts";
import { type TypedMessages, type TypedName, typedDataTypes } from "./typed-data/types.ts";
import * as wire from "./wire-order.ts";

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((raw) => `0x${Buffer.from(raw).toString("hex")}`);

function fieldArbitrary(name: string, type: string): fc.Arbitrary<unknown> {
  if (type === "address") return hex(20).map((text) => getAddress(text));
  if (type === "bytes32") return hex(32);
  const bits = Number(type.slice(4));
  if (bits <= 32) return fc.integer({ min: 0, max: 2 ** bits - 1 });
  const max = bits === 256 && name !== "nonce" ? MAX_AMOUNT : (1n << BigInt(bits)) - 1n;
  return fc.bigInt({ min: 0n, max });
}

const messages = fc.constantFrom(...(Object.keys(typedDataTypes) as TypedName[])).chain((name) =>
  fc.record({
    name: fc.constant(name),
    message: fc.record(
      Object.fromEntries(typedDataTypes[name].map((field) => [field.name, fieldArbitrary(field.name, field.type)])),
    ),
  }),
);
type Encoded = Record<string, unknown>;
const encode = (name: TypedName, message: unknown) =>
  wire.encodeTyped(name, message as TypedMessages[TypedName]) as unknown as Encoded;

describe("signed messages on the JSON wire", () => {
  it("loses nothing: decoding what was encoded, through JSON text, gives the same message", () => {
    fc.assert(
      fc.property(messages, ({ name, message }) => {
        const text = JSON.stringify(encode(name, message));
        expect(wire.decodeTyped(name, JSON.parse(text))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  it("matches the published schema of its message", () => {
    fc.assert(
      fc.property(messages, ({ name, message }) => {
        expect(Value.Check(wire[`${name}Schema`], encode(name, message))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses a message with a field missing, added, of another type or out of bounds", () => {
    const odd = fc.constantFrom(
      null,
      undefined,
      -1,
      1.5,
      "01",
      "-1",
      "1e3",
      "0x",
      "",
      true,
      [],
      {},
      2 ** 53,
      (MAX_AMOUNT * 10n ** 60n).toString(),
    );
    fc.assert(
      fc.property(messages, fc.nat(), odd, ({ name, message }, at, value) => {
        const encoded = encode(name, message);
        const keys = Object.keys(encoded);
        const refused = expect.objectContaining({ code: "invalid_request" });
        expect(() => wire.decodeTyped(name, { ...encoded, [keys[at % keys.length]!]: value })).toThrow(refused);
        expect(() => wire.decodeTyped(name, { ...encoded, extra: 1 })).toThrow(refused);
      }),
      { numRuns: 300 },
    );
    for (const json of [null, 5, "text", []])
      expect(() => wire.decodeTyped("Order", json)).toThrow(/must be an object/);
  });

  it("bounds every amount, but not a nonce", () => {
    const receipt = {
      orderHash: `0x${"11".repeat(32)}`,
      resultHash: `0x${"22".repeat(32)}`,
      price: (MAX_AMOUNT + 1n).toString(),
    };
    expect(() => wire.decodeTyped("Acceptance", receipt)).toThrow(
      /price must be decimal text of an integer from 0 to 1000000000000000000/,
    );
  });
});
