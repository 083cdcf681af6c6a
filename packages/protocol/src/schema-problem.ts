import type { TSchema } from "typebox";
import Value from "typebox/value";

/**
 * Says where a value departs from a schema, or null when it fits. Interprets the schema, so that it also
 * runs where code may not be generated, as in a browser with a strict content policy.
 * @example
 * schemaProblem(TaskSpecSchema, {}) // "the value must have required properties capability, ..."
 */
export function schemaProblem(schema: TSchema, value: unknown): string | null {
  if (Value.Check(schema, value)) return null;
  // "schema is false" stands beside the additionalProperties error that says more.
  const problem = Value.Errors(schema, value).find(({ keyword }) => keyword !== "boolean");
  return `${problem?.instancePath || "the value"} ${problem?.message ?? "does not match its schema"}`;
}
