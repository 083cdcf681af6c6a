import { describe, expect, test } from "vitest";
import { agentSchemaProblems } from "./agent-schema.ts";
import { StoaError } from "./errors.ts";
import { isTooDeep } from "./json-depth.ts";
import { agentVersionId, type Manifest, parseManifest } from "./manifest.ts";

function manifest(change: Record<string, unknown> = {}): unknown {
  return {
    stoa: 1,
    name: "summarize",
    version: "1.0.0",
    description: "Summarises text.",
    capabilities: ["text.summarize"],
    input: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    output: { type: "object" },
    artifact: { kind: "js", hash: `0x${"ab".repeat(32)}`, bytes: 10 },
    limits: { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 1_000 },
    grants: {},
    royalty: "100",
    licence: "Apache-2.0",
    ...change,
  };
}

function problemOf(json: unknown): string {
  try {
    parseManifest(json);
  } catch (error) {
    if (error instanceof StoaError && error.code === "invalid_manifest") return error.message;
    throw error;
  }
  return "";
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe("a manifest", () => {
  test("that is whole is read, and its id does not depend on the order of its keys", () => {
    const read = parseManifest(manifest());
    const reversed = Object.fromEntries(Object.entries(read).reverse()) as Manifest;
    expect(agentVersionId(reversed)).toBe(agentVersionId(read));
    expect(agentVersionId(parseManifest(manifest({ version: "1.0.1" })))).not.toBe(agentVersionId(read));
  });

  test("may ask for language models", () => {
    const asking = parseManifest(manifest({ grants: { llm: { models: ["small", "openai/gpt-4o"], tokens: 20_000 } } }));
    expect(asking.grants.llm?.tokens).toBe(20_000);
  });

  // Published versions are named by it: fields may be added to the format, and none that is signed may change.
  test("may be deterministic when nothing outside of it can answer otherwise the next time", () => {
    const limits = { memoryMb: 64, timeMs: 1_000, outputBytes: 1_000, logBytes: 1_000, fuel: 5_000_000 };
    expect(problemOf(manifest({ limits }))).toBe("");
    expect(problemOf(manifest({ limits: { ...limits, fuel: 0 } }))).toMatch(/^limits.fuel/);
    expect(problemOf(manifest({ limits, grants: { keyValue: true } }))).toMatch(/goes without grants.keyValue/);
    const artifact = { kind: "container", hash: `0x${"ab".repeat(32)}`, bytes: 10 };
    expect(problemOf(manifest({ limits, artifact }))).toMatch(/goes with wasm, wasi, js; .* container/);
  });

  test("keeps the id its creator signed", () => {
    expect(agentVersionId(parseManifest(manifest({ grants: { keyValue: true, http: ["example.org:8443"] } })))).toBe(
      "0x91f8954b3b019151f54e952b6fb9dbe845e18d3ec5cefe424bf789f7238a7651",
    );
  });

  test.each([
    [{ name: "Not Kebab" }, "name"],
    [{ version: "1" }, "version"],
    [{ capabilities: [] }, "capabilities"],
    [{ capabilities: ["nodots"] }, "capabilities.0"],
    [{ artifact: { kind: "exe", hash: `0x${"ab".repeat(32)}`, bytes: 1 } }, "artifact.kind"],
    [{ artifact: { kind: "js", hash: "ab", bytes: 1 } }, "artifact.hash"],
    [{ artifact: { kind: "js", protocol: "a2a", url: "https://agents.example/" } }, "artifact: missing hash, bytes"],
    [{ artifact: { kind: "remote", protocol: "smtp", url: "https://agents.example/" } }, "artifact.protocol"],
    [{ artifact: { kind: "remote", protocol: "a2a", url: "ftp://agents.example/" } }, "artifact.url"],
    [{ artifact: { kind: "remote", protocol: "a2a" } }, "artifact: missing url"],
    [{ artifact: null }, "artifact.kind"],
    [{ limits: { memoryMb: 100_000, timeMs: 1, outputBytes: 1, logBytes: 1 } }, "limits.memoryMb"],
    [{ limits: { memoryMb: 1, timeMs: 1, outputBytes: 1 } }, "limits: missing logBytes"],
    [{ grants: { shell: true } }, "grants: unknown field shell"],
    [{ grants: { http: ["https://example.org/"] } }, "grants.http.0"],
    [{ grants: { llm: { models: [], tokens: 100 } } }, "grants.llm.models"],
    [{ grants: { llm: { models: ["Small"], tokens: 100 } } }, "grants.llm.models.0"],
    [{ grants: { llm: { models: ["small"] } } }, "grants.llm: missing tokens"],
    [{ grants: { llm: { models: ["small"], tokens: 1e9 } } }, "grants.llm.tokens"],
    [{ royalty: "-1" }, "royalty"],
    [{ royalty: "9999999999999999999" }, "royalty"],
    [{ surprise: 1 }, "unknown field surprise"],
    [{ stoa: 2 }, "stoa"],
    [{ input: { type: "string", pattern: "(a+)+$" } }, "input/pattern"],
    [{ output: { $ref: "https://example.org/schema" } }, "output/$ref"],
  ])("with a wrong field %j is refused by the field's name", (change, name) => {
    expect(problemOf(manifest(change))).toContain(name);
  });

  test("of a kind that came later leaves the ids of the others what they were", () => {
    const id = "0x31c7f536dc364880e91e5977070e8ddfaa80c3e2aff3c444a3ce3e18784eb599";
    expect(agentVersionId(parseManifest(manifest()))).toBe(id);
    const artifact = { kind: "remote", protocol: "mcp", url: "https://agents.example/mcp", tool: "summarize" } as const;
    expect(parseManifest(manifest({ artifact })).artifact).toEqual(artifact);
  });

  test.each([null, 1, "text", [], {}])("that is %j is refused", (json) => {
    expect(problemOf(json)).not.toBe("");
  });

  test("nested without end is refused, not overflowed on", () => {
    expect(problemOf(manifest({ input: { default: nested(30_000) } }))).toContain("levels deep");
  });
});

describe("an agent's schema", () => {
  test("is refused for every keyword that could hang whoever checks it", () => {
    const schema = {
      anyOf: [
        { properties: { a: { pattern: "x" } } },
        { patternProperties: { x: {} } },
        { $dynamicRef: "#a" },
        { uniqueItems: true },
        { surprise: 1 },
      ],
    };
    const problems = agentSchemaProblems(schema);
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
      "schema/anyOf/0/properties/a/pattern",
      "schema/anyOf/1/patternProperties",
      "schema/anyOf/2/$dynamicRef",
      "schema/anyOf/3/uniqueItems",
      "schema/anyOf/4/surprise",
    ]);
  });

  test("may name properties like keywords", () => {
    expect(agentSchemaProblems({ properties: { pattern: { type: "string" }, $ref: true } })).toEqual([]);
  });

  test("is bounded in bytes, depth and number of subschemas", () => {
    expect(agentSchemaProblems({ description: "x".repeat(20_000) })[0]).toContain("bytes");
    let deep: object = {};
    for (let level = 0; level < 20; level += 1) deep = { items: deep };
    expect(agentSchemaProblems(deep)[0]).toContain("deep");
    expect(agentSchemaProblems({ anyOf: Array.from({ length: 300 }, () => true) })[0]).toContain("subschemas");
  });
});

test("depth counts lists and objects, not scalars", () => {
  expect(isTooDeep("x", 0)).toBe(false);
  expect(isTooDeep([], 0)).toBe(true);
  expect(isTooDeep([{ a: 1 }], 2)).toBe(false);
  expect(isTooDeep([{ a: [] }], 2)).toBe(true);
  expect(isTooDeep(nested(100_000))).toBe(true);
});
