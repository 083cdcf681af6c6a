import fc from "fast-check";
import type { Schema } from "./operations.ts";

/** What a stranger may send in the place of anything. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "null",
    "../../../etc/passwd",
    "%2e%2e%2f",
    "' or 1=1; --",
    "$(id)",
    "<script>alert(1)</script>",
    "\u0000",
    "\ud800",
    "\u202e",
    "__proto__",
    "constructor",
    "x".repeat(5_000),
    "9".repeat(400),
    "0x" + "f".repeat(64),
    "-0",
    "1e400",
    "NaN",
  ),
  fc.constantFrom(null, true, -1, 0, 1.5, 2 ** 53, -(2 ** 53), 1e308, Number.MIN_VALUE, [], {}, [[]], [null]),
  fc.constantFrom({ __proto__: { admin: true } }, { constructor: { prototype: {} } }, nested(70)),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** Lengths and numbers at the edges of what is allowed, and within. */
function edges(least: number, most: number): fc.Arbitrary<number> {
  const near = [least, least + 1, most - 1, most].filter((value) => value >= least && value <= most);
  return fc.oneof(fc.constantFrom(...near), fc.integer({ min: least, max: most }));
}

function textOf({ minLength = 0, maxLength = 300, pattern }: Schema): fc.Arbitrary<string> {
  if (typeof pattern === "string") return fc.stringMatching(new RegExp(pattern, "u"));
  const [least, most] = [Number(minLength), Math.min(Number(maxLength), 2_000)];
  return edges(least, most).chain((length) => fc.string({ minLength: length, maxLength: length }));
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema, ids: readonly string[]) {
  const fields = Object.entries(properties as Record<string, Schema>);
  const record = fc.record(Object.fromEntries(fields.map(([name, schema]) => [name, arbitraryOf(schema, ids)])), {
    requiredKeys: required as string[],
  });
  if (additionalProperties === false) return record;
  const more = fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  return fc.tuple(more, record).map(([others, own]) => ({ ...others, ...own }));
}

function plain(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const { type, anyOf, oneOf, allOf, items, minItems = 0, maxItems = 5, minimum, maximum } = schema;
  const choices = (schema["enum"] ?? anyOf ?? oneOf) as unknown[] | undefined;
  if ("const" in schema) return fc.constant(schema["const"]);
  if (schema["enum"]) return fc.constantFrom(...choices!);
  if (choices) return fc.oneof(...choices.map((choice) => arbitraryOf(choice as Schema, ids)));
  if (allOf) return arbitraryOf(Object.assign({}, ...(allOf as Schema[])) as Schema, ids);
  switch (type) {
    case "string":
      return fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...ids) }, { weight: 3, arbitrary: textOf(schema) });
    case "integer":
    case "number":
      return edges(Number(minimum ?? 0), Math.min(Number(maximum ?? 2 ** 31), Number.MAX_SAFE_INTEGER));
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(arbitraryOf((items ?? {}) as Schema, ids), {
        minLength: Number(minItems),
        maxLength: Math.max(Number(minItems), Math.min(Number(maxItems), 5)),
      });
    case "object":
      return objectOf(schema, ids);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

/**
 * What may be sent where a schema stands: mostly what it allows, at its edges too, and now and then what it does not.
 * @param ids of things that are there
 */
export function arbitraryOf(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: plain(schema, ids) }, { weight: 1, arbitrary: hostile });
}
