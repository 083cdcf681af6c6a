import { manifestFileSchema, parseManifest, StoaError } from "@stoa/protocol";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";

const written = {
  stoa: 1,
  name: "echo",
  version: "1.0.0",
  description: "Gives back what it gets.",
  capabilities: ["text.echo"],
  input: { type: "string" },
  output: true,
  artifact: { kind: "js" },
  limits: { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 0 },
  grants: { keyValue: true },
  royalty: "0",
  licence: "Apache-2.0",
};
const check = new Ajv2020({ strict: true, strictTypes: false }).compile(manifestFileSchema());

test("the schema for editors takes what an author writes: no hash, and where the schema is", () => {
  expect(check(written), JSON.stringify(check.errors)).toBe(true);
  expect(check({ $schema: "./manifest.schema.json", ...written })).toBe(true);
});

test.each([
  { name: "Not Kebab" },
  { surprise: 1 },
  { stoa: 2 },
  { artifact: { kind: "exe" } },
  { artifact: {} },
  { limits: { ...written.limits, memoryMb: 100_000 } },
  { grants: { shell: true } },
  { royalty: 5 },
])("the schema for editors refuses %j, as publishing does", (change) => {
  expect(check({ ...written, ...change })).toBe(false);
  const artifact = { kind: "js", hash: `0x${"ab".repeat(32)}`, bytes: 1 };
  expect(() => parseManifest({ ...written, artifact, ...change })).toThrow(StoaError);
});
