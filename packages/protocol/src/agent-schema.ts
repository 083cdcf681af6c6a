import { canonicalJson } from "./content-hash.ts";

/** Most bytes a manifest's input or output schema may take as canonical JSON. */
export const MAX_AGENT_SCHEMA_BYTES = 16 << 10;
/** Deepest nesting and most subschemas of one schema: the work of a check is their number times the value's size. */
export const MAX_AGENT_SCHEMA_DEPTH = 16;
export const MAX_AGENT_SUBSCHEMAS = 256;

/** The one dialect a schema may name. */
const DIALECT = "https://json-schema.org/draft/2020-12/schema";

const PLAIN_KEYWORDS = new Set([
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
  "format",
  "contentMediaType",
  "contentEncoding",
  "type",
  "enum",
  "const",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "required",
  "dependentRequired",
  "minProperties",
  "maxProperties",
  "minItems",
  "maxItems",
  "minContains",
  "maxContains",
]);
const SCHEMA_KEYWORDS = new Set([
  "items",
  "contains",
  "additionalProperties",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
]);
const SCHEMA_LIST_KEYWORDS = new Set(["allOf", "anyOf", "oneOf", "prefixItems"]);
const SCHEMA_MAP_KEYWORDS = new Set(["properties", "dependentSchemas"]);

const REFUSED: Readonly<Record<string, string>> = {
  pattern: "a stranger's regular expression can hang whoever checks it; use enum, minLength and maxLength",
  patternProperties: "a stranger's regular expression can hang whoever checks it; use properties",
  $ref: "references can point outside, or multiply the work without bound; write the schema out",
  $dynamicRef: "references can multiply the work without bound; write the schema out",
  uniqueItems: "comparing every pair of items can hang whoever checks it; check it in the agent",
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * What is wrong with a JSON Schema that a stranger wrote and others must evaluate: `[]` when it may be used.
 *
 * Only keywords whose cost is linear in the value are let through (JSON Schema 2020-12, without references, regular
 * expressions and `uniqueItems`), so that checking a bounded value takes bounded time. `format` is an annotation.
 */
export function agentSchemaProblems(schema: unknown, path = "schema"): string[] {
  const problems: string[] = [];
  let subschemas = 0;

  function visitAll(values: unknown[], names: string[], at: string, depth: number): void {
    values.forEach((value, index) => visit(value, `${at}/${names[index]}`, depth));
  }

  function visit(node: unknown, at: string, depth: number): void {
    subschemas += 1;
    if (typeof node === "boolean") return;
    if (!isRecord(node)) return void problems.push(`${at} must be a schema (an object, true or false)`);
    if (depth > MAX_AGENT_SCHEMA_DEPTH) {
      return void problems.push(`${at} is nested more than ${MAX_AGENT_SCHEMA_DEPTH} schemas deep`);
    }
    for (const [keyword, value] of Object.entries(node)) {
      const here = `${at}/${keyword}`;
      if (PLAIN_KEYWORDS.has(keyword)) continue;
      if (keyword === "$schema") {
        if (value !== DIALECT) problems.push(`${here} must be ${DIALECT}, got ${JSON.stringify(value)}`);
      } else if (SCHEMA_KEYWORDS.has(keyword)) visit(value, here, depth + 1);
      else if (SCHEMA_LIST_KEYWORDS.has(keyword)) {
        if (Array.isArray(value) && value.length > 0)
          visitAll(
            value,
            value.map((_, index) => String(index)),
            here,
            depth + 1,
          );
        else problems.push(`${here} must be a list of schemas`);
      } else if (SCHEMA_MAP_KEYWORDS.has(keyword)) {
        if (isRecord(value) && Object.hasOwn(value, "__proto__"))
          problems.push(`${here} may not name __proto__: validators skip it`);
        else if (isRecord(value)) visitAll(Object.values(value), Object.keys(value), here, depth + 1);
        else problems.push(`${here} must map names to schemas`);
      } else problems.push(`${here} is not allowed: ${REFUSED[keyword] ?? "the keyword is not known to the market"}`);
    }
  }

  const bytes = new TextEncoder().encode(canonicalJson(schema)).length;
  if (bytes > MAX_AGENT_SCHEMA_BYTES)
    return [`${path} takes ${bytes} bytes, at most ${MAX_AGENT_SCHEMA_BYTES} are allowed`];
  visit(schema, path, 0);
  if (subschemas > MAX_AGENT_SUBSCHEMAS)
    problems.push(`${path} has ${subschemas} subschemas, at most ${MAX_AGENT_SUBSCHEMAS} are allowed`);
  return problems;
}
