import type { AgentSchema } from "@stoa/protocol";
import { Check, Errors } from "typebox/schema";
import type { Validator } from "./finding.ts";

/** Walks a schema as it stands, in any JavaScript: a page under a strict policy may make no code out of text. */
export function openValidator(schema: AgentSchema): Validator {
  return (value) => {
    const own = withoutInheritance(value);
    return Check(schema as never, own) ? [] : Errors(schema as never, own)[1];
  };
}

/** The walker takes what an object inherits for its property: these inherit nothing. */
function withoutInheritance(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInheritance);
  if (typeof value !== "object" || value === null) return value;
  const bare = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) bare[name] = withoutInheritance(item);
  return bare;
}
