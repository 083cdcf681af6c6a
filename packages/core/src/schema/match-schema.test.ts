import { StoaError } from "@stoa/protocol";
import { expect, test } from "vitest";
import { matchSchema } from "./match-schema.ts";

const schema = {
  type: "object",
  properties: { text: { type: "string", minLength: 1 }, most: { type: "integer", minimum: 1 } },
  required: ["text"],
};

test("a value that fits has no problems, and one that does not is told where", () => {
  expect(matchSchema(schema, { text: "a", most: 3 })).toEqual([]);
  expect(matchSchema(schema, {})).toEqual(["must have required property 'text'"]);
  expect(matchSchema(schema, { text: "a", most: 0 })).toEqual(["/most must be >= 1"]);
  expect(matchSchema(false, {})).toHaveLength(1);
  expect(matchSchema(true, {})).toEqual([]);
});

test("what an object inherits does not count as its property", () => {
  expect(matchSchema({ required: ["toString"] }, {})).toHaveLength(1);
});

test.each([
  { type: "string", pattern: "(a+)+$" },
  { $ref: "https://example.org/x" },
  { type: "no-such-type" },
  { minimum: "one" },
  { properties: { a: "x" } },
])("a schema that may not be used is refused, not run: %j", (bad) => {
  expect(() => matchSchema(bad as never, "aaaa")).toThrow(StoaError);
});

test("names that mean something to JavaScript are checked like any other, or refused", () => {
  const constructed = { properties: { constructor: { type: "string" } } };
  expect(matchSchema(constructed as never, JSON.parse('{"constructor":"x"}'))).toEqual([]);
  expect(matchSchema(constructed as never, JSON.parse('{"constructor":1}'))).toHaveLength(1);
  expect(() => matchSchema(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'), {})).toThrow("__proto__");
});

test("text in a schema never becomes code", () => {
  const hostile = JSON.parse(
    JSON.stringify({
      properties: { '"];process.exit(1);//': { const: "`${process.exit(1)}`" } },
      $comment: "*/process.exit(1)/*",
    }),
  );
  expect(matchSchema(hostile, { '"];process.exit(1);//': 1 })).toHaveLength(1);
});

test("a value nested without end is refused", () => {
  expect(matchSchema(true, JSON.parse("[".repeat(100_000) + "]".repeat(100_000)))).toHaveLength(1);
});

test("the largest value against the largest schema takes bounded time", { timeout: 30_000 }, () => {
  const wide = {
    anyOf: Array.from({ length: 120 }, (_, index) => ({
      items: { type: "integer", maximum: index === 119 ? 9 : 0.5 },
    })),
  };
  const value = Array.from({ length: 200_000 }, (_, index) => (index === 199_999 ? 1 : 0));
  const started = performance.now();
  expect(matchSchema(wide, value)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("names what does not belong and what may stand there, without anything that steers a terminal", () => {
  const schema = { properties: { size: { enum: ["small", "large\u202e"] } }, additionalProperties: false };
  expect(matchSchema(schema, { size: "huge" })).toEqual([
    '/size must be equal to one of the allowed values: ["small","large\ufffd"]',
  ]);
  expect(matchSchema(schema, { "more\u009b": 1 })).toEqual(['must NOT have additional properties: "more\ufffd"']);
  const [long] = matchSchema(schema, { ["\u{1f3f6}".repeat(1_000)]: 1 });
  expect(long!.length).toBeLessThan(260);
  expect(long!.isWellFormed()).toBe(true);
});
