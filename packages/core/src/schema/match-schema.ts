import {
  type AgentSchema,
  agentSchemaProblems,
  canonicalJson,
  isTooDeep,
  MAX_JSON_DEPTH,
  StoaError,
  toFitText,
} from "@stoa/protocol";
import { openValidator } from "#validator";
import type { Finding, Validator } from "./finding.ts";

/** Compiled schemas kept, least recently used last; an agent's schema is checked for every task. */
const KEPT = 256;
/** Longest that a sentence quotes of a schema or a value. */
const MAX_NAMED = 200;
const STEERING = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g;
const compiled = new Map<string, Validator>();
/** The same by the schema's object, for a caller that keeps it. */
const known = new WeakMap<object, Validator>();

function validatorOf(schema: AgentSchema): Validator {
  if (typeof schema !== "object") return compile(schema);
  const validate = known.get(schema) ?? compile(schema);
  known.set(schema, validate);
  return validate;
}

function compile(schema: AgentSchema): Validator {
  const key = canonicalJson(schema);
  const kept = compiled.get(key);
  if (kept) {
    compiled.delete(key);
    compiled.set(key, kept);
    return kept;
  }
  const problems = agentSchemaProblems(schema);
  if (problems.length > 0) throw new StoaError("invalid_manifest", problems[0]!, { details: { problems } });
  let validate: Validator;
  try {
    validate = openValidator(schema);
  } catch (cause) {
    throw new StoaError("invalid_manifest", `the schema cannot be used: ${(cause as Error).message}`, { cause });
  }
  compiled.set(key, validate);
  for (const oldest of compiled.keys()) {
    if (compiled.size <= KEPT) break;
    compiled.delete(oldest);
  }
  return validate;
}

/**
 * What is wrong with a JSON value by an agent's schema: `[]` when it fits. Safe for schemas of strangers, which are
 * held to `agentSchemaProblems` first; `format` is not checked.
 * @throws {StoaError} `invalid_manifest` when the schema itself may not be used
 * @example
 * matchSchema({ type: "object", required: ["text"] }, {}) // ["must have required property 'text'"]
 */
export function matchSchema(schema: AgentSchema, value: unknown): string[] {
  if (isTooDeep(value)) return [`is nested more than ${MAX_JSON_DEPTH} levels deep`];
  return validatorOf(schema)(value).slice(0, 10).map(sentenceOf);
}

/**
 * The validator's sentence, with the names and values it speaks of. They are a stranger's, and the sentence goes to
 * terminals and into records: what could steer either is replaced.
 */
function sentenceOf({ instancePath, keyword, message = keyword, params }: Finding): string {
  const { additionalProperty, allowedValues, allowedValue } = params as Record<string, unknown>;
  const named = additionalProperty ?? allowedValues ?? allowedValue;
  const told = named === undefined ? "" : `: ${JSON.stringify(named)}`.replace(STEERING, "\ufffd");
  const sentence = `${instancePath} ${message}`;
  return toFitText(`${sentence}${told.length > MAX_NAMED ? `${told.slice(0, MAX_NAMED)}…` : told}`).trim();
}
