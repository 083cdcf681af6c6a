import fc from "fast-check";
import { expect, test } from "vitest";
import { openValidator as compiled } from "./validator.node.ts";
import { openValidator as walked } from "./validator.ts";

const leaf = fc.oneof(
  fc.record({ type: fc.constantFrom("string", "integer", "number", "boolean", "null", "array", "object") }),
  fc.record({ type: fc.constant("string"), minLength: fc.nat(3), maxLength: fc.nat(5) }),
  fc.record({ minimum: fc.integer({ min: -3, max: 3 }), exclusiveMaximum: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ multipleOf: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ enum: fc.array(fc.constantFrom(0, 1, "a", null, true), { minLength: 1, maxLength: 3 }) }),
  fc.record({ const: fc.constantFrom(0, "a", null, [1], { a: 1 }) }),
  fc.boolean(),
);
const schema = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, leaf, tie("object"), tie("array"), tie("mixed")),
  object: fc.record(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(fc.constantFrom("a", "b", "toString"), tie("any"), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      required: fc.uniqueArray(fc.constantFrom("a", "b", "toString"), { maxLength: 2 }),
      additionalProperties: tie("any"),
      minProperties: fc.nat(2),
      maxProperties: fc.nat(3),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  array: fc.record(
    {
      type: fc.constant("array"),
      prefixItems: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
      items: tie("any"),
      minItems: fc.nat(2),
      maxItems: fc.nat(3),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  mixed: fc.record(
    {
      anyOf: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
      allOf: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
      oneOf: fc.array(tie("any"), { minLength: 1, maxLength: 2 }),
      not: tie("any"),
      if: tie("any"),
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: tie("any"),
      else: tie("any"),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
})).any;
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false, "", "a", "abc", "😀", 0, 1, 2, -1, 1.5),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

test("whether a value fits is the same by compiled code and by walking the schema", () => {
  fc.assert(
    fc.property(schema, value, (schema, value) => {
      expect(walked(schema as never)(value).length === 0).toBe(compiled(schema as never)(value).length === 0);
    }),
    { numRuns: 300 },
  );
});

test("what does not fit is told with its place by either", () => {
  const schema = { type: "object", properties: { most: { type: "integer", minimum: 1 } }, required: ["most"] };
  for (const open of [compiled, walked]) {
    expect(open(schema)({ most: 2 })).toEqual([]);
    expect(open(schema)({ most: 0 })[0]).toMatchObject({ instancePath: "/most", keyword: "minimum" });
    expect(open(schema)({})[0]).toMatchObject({ instancePath: "", keyword: "required" });
  }
});
