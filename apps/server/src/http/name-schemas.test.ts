import { expect, test } from "vitest";
import { nameSchemas } from "./name-schemas.ts";

test("a schema with a title stands once in the components, however often and however deep it is used", () => {
  const inner = { title: "Inner", type: "string" };
  const outer = { title: "Outer", type: "object", properties: { inner, title: { type: "string" } } };
  const named = nameSchemas({
    paths: { a: { schema: outer }, b: [{ schema: inner }] },
    components: { securitySchemes: {} },
  });
  expect(named).toEqual({
    paths: {
      a: { schema: { $ref: "#/components/schemas/Outer" } },
      b: [{ schema: { $ref: "#/components/schemas/Inner" } }],
    },
    components: {
      securitySchemes: {},
      schemas: {
        Inner: inner,
        Outer: { ...outer, properties: { ...outer.properties, inner: { $ref: "#/components/schemas/Inner" } } },
      },
    },
  });
});

test("two different schemas under one title are refused", () => {
  expect(() =>
    nameSchemas({ paths: { a: { title: "T", type: "string" }, b: { title: "T", type: "number" } } }),
  ).toThrow("two schemas have the title T");
});
