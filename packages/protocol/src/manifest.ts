import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { agentSchemaProblems } from "./agent-schema.ts";
import { MAX_AMOUNT } from "./amount.ts";
import { canonicalJson, hashJson, type Json } from "./content-hash.ts";
import { StoaError } from "./errors.ts";
import type { AgentVersionId } from "./ids.ts";
import { isTooDeep, MAX_JSON_DEPTH } from "./json-depth.ts";
import { limits } from "./limits.ts";
import { AmountSchema, CapabilitySchema, HashSchema } from "./schema-parts.ts";

/** Most an execution may ask a node for. */
export const agentLimits = {
  memoryMb: 512,
  timeMs: 300_000,
  outputBytes: limits.outputBytes,
  logBytes: limits.logBytes,
} as const;

/** A JSON Schema as an agent may use it; `agentSchemaProblems` says which keywords are let through. */
export type AgentSchema = boolean | { readonly [keyword: string]: Json };

const closed = { additionalProperties: false };
const AgentSchemaSchema = Type.Unsafe<AgentSchema>(
  Type.Union([Type.Boolean(), Type.Record(Type.String(), Type.Unknown())], {
    description: "JSON Schema 2020-12, without pattern, $ref and uniqueItems",
  }),
);

/** What an author signs and publishes: one version of one agent, whole. */
export const ManifestSchema = Type.Object(
  {
    stoa: Type.Literal(1, { description: "the version of this format" }),
    name: Type.String({ pattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", maxLength: 64, description: "kebab-case" }),
    version: Type.String({
      pattern: "^(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})(-[0-9A-Za-z.-]{1,64})?$",
      description: "semantic version",
    }),
    description: Type.String({ minLength: 1, maxLength: 2_000, description: "what it does, for people" }),
    capabilities: Type.Array(CapabilitySchema, {
      minItems: 1,
      maxItems: 16,
      uniqueItems: true,
      description: "what requesters order it by",
    }),
    input: AgentSchemaSchema,
    output: AgentSchemaSchema,
    artifact: Type.Object(
      {
        kind: Type.Union([Type.Literal("wasm"), Type.Literal("js")]),
        hash: HashSchema,
        bytes: Type.Integer({ minimum: 1, maximum: limits.artifactBytes }),
      },
      closed,
    ),
    limits: Type.Object(
      {
        memoryMb: Type.Integer({ minimum: 1, maximum: agentLimits.memoryMb }),
        timeMs: Type.Integer({ minimum: 1, maximum: agentLimits.timeMs }),
        outputBytes: Type.Integer({ minimum: 1, maximum: agentLimits.outputBytes }),
        logBytes: Type.Integer({ minimum: 0, maximum: agentLimits.logBytes }),
        cpuMs: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: agentLimits.timeMs,
            description: "CPU time of an execution, judged when it ends; when absent, timeMs alone bounds it",
          }),
        ),
      },
      closed,
    ),
    grants: Type.Object(
      {
        keyValue: Type.Optional(Type.Literal(true)),
        subtasks: Type.Optional(
          Type.Array(CapabilitySchema, {
            minItems: 1,
            maxItems: 16,
            uniqueItems: true,
            description: "what it may order of other agents, under its task's budget",
          }),
        ),
        http: Type.Optional(
          Type.Array(
            Type.String({
              pattern: "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?$",
              description: "lower-case host, with a port when it is not the scheme's own",
            }),
            {
              minItems: 1,
              maxItems: 32,
              uniqueItems: true,
            },
          ),
        ),
      },
      closed,
    ),
    royalty: AmountSchema,
    licence: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: "^[A-Za-z0-9.+() -]+$",
      description: "SPDX expression",
    }),
  },
  closed,
);
export type Manifest = Static<typeof ManifestSchema>;

function problemsOf(value: unknown): string[] {
  const field = (path: string) => path.slice(1).replaceAll("/", ".");
  return Value.Errors(ManifestSchema, value)
    .filter((error) => error.keyword !== "boolean")
    .map((error) => {
      if (error.keyword === "additionalProperties") {
        return `${field(error.instancePath) || "manifest"}: unknown field ${error.params.additionalProperties.join(", ")}`;
      }
      if (error.keyword === "required") {
        return `${field(error.instancePath) || "manifest"}: missing ${error.params.requiredProperties.join(", ")}`;
      }
      return `${field(error.instancePath) || "manifest"}: ${error.message}`;
    });
}

/**
 * Reads a manifest from parsed JSON.
 * @throws {StoaError} `invalid_manifest` naming the first wrong field; all of them stand in `details.problems`
 * @example
 * parseManifest(JSON.parse(await readFile("manifest.json", "utf8"))).capabilities // ["text.summarize"]
 */
export function parseManifest(json: unknown): Manifest {
  const problems = isTooDeep(json) ? [`manifest: nested more than ${MAX_JSON_DEPTH} levels deep`] : problemsOf(json);
  if (problems.length === 0) {
    const manifest = json as Manifest;
    const bytes = new TextEncoder().encode(canonicalJson(manifest)).length;
    if (bytes > limits.manifestBytes)
      problems.push(`manifest: ${bytes} bytes, at most ${limits.manifestBytes} are allowed`);
    if (BigInt(manifest.royalty) > MAX_AMOUNT)
      problems.push(`royalty: ${manifest.royalty} is over the largest amount ${MAX_AMOUNT}`);
    problems.push(...agentSchemaProblems(manifest.input, "input"), ...agentSchemaProblems(manifest.output, "output"));
    if (problems.length === 0) return manifest;
  }
  throw new StoaError("invalid_manifest", problems[0] ?? "the manifest is not valid", {
    details: { problems: problems.slice(0, 20) },
  });
}

/** The id of an agent version: the content address of its manifest, which names its artifact by hash. */
export function agentVersionId(manifest: Manifest): AgentVersionId {
  return hashJson(manifest) as AgentVersionId;
}
