import fc from "fast-check";
import { getAddress, hashTypedData, type TypedDataDefinition } from "viem";
import { expect, test } from "vitest";
import { eip712Domain } from "./domain.ts";
import { hashMessage } from "./hash-message.ts";
import { type TypedName, typedDataTypes } from "./types.ts";

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((array) => `0x${Buffer.from(array).toString("hex")}` as const);
const address = hex(20).map((text) => getAddress(text));

function valueOf(type: string): fc.Arbitrary<unknown> {
  if (type === "address") return address;
  if (type === "bytes32") return hex(32);
  const bits = Number(type.slice("uint".length));
  const integer = fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n });
  return bits <= 32 ? integer.map(Number) : integer;
}

test.each(Object.keys(typedDataTypes) as TypedName[])("the digest of every %s is the standard's", (name) => {
  const message = fc.record(Object.fromEntries(typedDataTypes[name].map((field) => [field.name, valueOf(field.type)])));
  fc.assert(
    fc.property(message, fc.integer({ min: 1, max: 2 ** 31 }), address, (values, chainId, vault) => {
      const domain = { chainId, vault };
      const definition = {
        domain: eip712Domain(domain),
        types: { [name]: typedDataTypes[name] },
        primaryType: name,
        message: values,
      };
      expect(hashMessage(domain, name, values as never)).toBe(
        hashTypedData(definition as unknown as TypedDataDefinition),
      );
    }),
    { numRuns: 25 },
  );
});

test("a field that is not of its type is refused, whatever it holds", () => {
  const domain = { chainId: 1, vault: getAddress(`0x${"11".repeat(20)}`) };
  const acceptance = { orderHash: `0x${"11".repeat(32)}`, resultHash: `0x${"22".repeat(32)}`, price: 1n } as const;
  const wrong = [
    { price: -1n },
    { price: 1n << 256n },
    { price: 1.5 },
    { price: "1" },
    { orderHash: "0x11" },
    { resultHash: undefined },
  ];
  for (const change of wrong)
    expect(() => hashMessage(domain, "Acceptance", { ...acceptance, ...change } as never)).toThrow(RangeError);
});
