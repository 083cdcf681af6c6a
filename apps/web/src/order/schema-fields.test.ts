import { expect, test } from "vitest";
import { inputOf, schemaFields } from "./schema-fields.ts";

const schema = {
  type: "object",
  properties: {
    most: { type: "integer", minimum: 1, maximum: 50, default: 5 },
    language: { type: "string", enum: ["de", "en"] },
    text: { type: "string", description: "what to read" },
    strict: { type: "boolean" },
    rows: { type: "array", items: { type: "number" } },
  },
  required: ["text"],
};

test("a form has a field for each property, those that must be filled in first", () => {
  const fields = schemaFields(schema)!;
  expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
    ["text", "text"],
    ["most", "integer"],
    ["language", "choice"],
    ["strict", "boolean"],
    ["rows", "json"],
  ]);
  expect(fields[1]).toMatchObject({ least: 1, most: 50, initial: "5" });
});

test("an input that is no object of named properties is written as JSON", () => {
  for (const other of [true, { type: "string" }, { type: "object" }, { anyOf: [schema] }])
    expect(schemaFields(other)).toBeNull();
});

test("what a form says becomes the input, without what was left empty", () => {
  const fields = schemaFields(schema)!;
  expect(inputOf(fields, { text: "12", strict: "true", rows: "[1, 2]" })).toEqual({
    text: "12",
    most: 5,
    strict: true,
    rows: [1, 2],
  });
  expect(() => inputOf(fields, { text: "a", rows: "[1" })).toThrow(SyntaxError);
});
