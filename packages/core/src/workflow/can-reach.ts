import type { AgentSchema } from "@stoa/protocol";
import { isIndex } from "./json-pointer.ts";

type Keywords = Exclude<AgentSchema, boolean>;

/**
 * False when no value that fits the schema can have anything where a pointer leads, so that whoever refers to it would
 * wait for nothing. True when it may be there.
 * @param steps of the JSON Pointer
 * @example
 * canReach({ type: "object", properties: { a: {} }, additionalProperties: false }, ["b"]) // false
 */
export function canReach(schema: AgentSchema | undefined, steps: readonly string[]): boolean {
  if (schema === undefined || schema === true) return true;
  if (schema === false) return false;
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = schema[keyword] as readonly AgentSchema[] | undefined;
    if (branches && !branches.some((branch) => canReach(branch, steps))) return false;
  }
  const every = schema["allOf"] as readonly AgentSchema[] | undefined;
  if (every && !every.every((part) => canReach(part, steps))) return false;
  return (
    (mayBe(schema, "object") && inObject(schema, step, rest)) || (mayBe(schema, "array") && inList(schema, step, rest))
  );
}

function mayBe({ type }: Keywords, wanted: "object" | "array"): boolean {
  return type === undefined || [type].flat().includes(wanted);
}

function inObject(schema: Keywords, step: string, rest: readonly string[]): boolean {
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, AgentSchema>>;
  if (Object.hasOwn(properties, step)) return canReach(properties[step], rest);
  return canReach(schema["additionalProperties"] as AgentSchema | undefined, rest);
}

function inList(schema: Keywords, step: string, rest: readonly string[]): boolean {
  if (!isIndex(step)) return false;
  const first = (schema["prefixItems"] ?? []) as readonly AgentSchema[];
  const own = first[Number(step)];
  return canReach(own === undefined ? (schema["items"] as AgentSchema | undefined) : own, rest);
}
