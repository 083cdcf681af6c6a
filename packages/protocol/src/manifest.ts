import Type, { type Static, type TSchema } from "typebox";
import Value from "typebox/value";
import { agentSchemaProblems } from "./agent-schema.ts";
import { MAX_AMOUNT } from "./amount.ts";
import { canonicalJson, hashJson, type Json } from "./content-hash.ts";
import { StoaError } from "./errors.ts";
import type { AgentVersionId } from "./ids.ts";
import { isTooDeep, MAX_JSON_DEPTH } from "./json-depth.ts";
import { limits } from "./limits.ts";
import { AmountSchema, CapabilitySchema, HashSchema, ModelNameSchema } from "./schema-parts.ts";

/** Most an execution may ask a node for. */
export const agentLimits = {
  memoryMb: 512,
  timeMs: 300_000,
  outputBytes: limits.outputBytes,
  logBytes: limits.logBytes,
  /** Of a deterministic agent; at about a thousand million a second, more would not be reached in time. */
  fuel: 1_000_000_000_000,
  /** Of language models, input and output together. */
  tokens: 10_000_000,
} as const;

/** A JSON Schema as an agent may use it; `agentSchemaProblems` says which keywords are let through. */
export type AgentSchema = boolean | { readonly [keyword: string]: Json };

const closed = { additionalProperties: false };
const AgentSchemaSchema = Type.Unsafe<AgentSchema>(
  Type.Union([Type.Boolean(), Type.Record(Type.String(), Type.Unknown())], {
    description: "JSON Schema 2020-12, without pattern, $ref and uniqueItems",
  }),
);

/** An artifact whose bytes the market keeps. */
const BundledArtifactSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal("wasm"), Type.Literal("wasi"), Type.Literal("js")]),
    hash: HashSchema,
    bytes: Type.Integer({ minimum: 1, maximum: limits.artifactBytes }),
  },
  closed,
);
/** A container image, as an archive the market keeps. */
const ImageArtifactSchema = Type.Object(
  {
    kind: Type.Literal("container"),
    hash: HashSchema,
    bytes: Type.Integer({ minimum: 1, maximum: limits.imageBytes }),
  },
  closed,
);
/** An endpoint of the author's own; what answers there may change without the version changing. */
const RemoteArtifactSchema = Type.Object(
  {
    kind: Type.Literal("remote"),
    protocol: Type.Union([Type.Literal("a2a"), Type.Literal("mcp"), Type.Literal("http")]),
    url: Type.String({ pattern: "^https?://[!-~]+$", maxLength: 2_048, description: "where nodes reach it" }),
    tool: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_.-]{1,128}$", description: "the tool to call, with mcp" })),
  },
  closed,
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
    artifact: Type.Union([BundledArtifactSchema, ImageArtifactSchema, RemoteArtifactSchema]),
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
        fuel: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: agentLimits.fuel,
            description:
              "makes the agent deterministic: the same input gives the same, and uses the same of this, wherever it runs again",
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
        llm: Type.Optional(
          Type.Object(
            {
              models: Type.Array(ModelNameSchema, { minItems: 1, maxItems: 16, uniqueItems: true }),
              tokens: Type.Integer({
                minimum: 1,
                maximum: agentLimits.tokens,
                description: "most tokens an execution may use, of input and output together",
              }),
            },
            { ...closed, description: "language models it wants to use" },
          ),
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
export type BundledArtifact = Static<typeof BundledArtifactSchema>;
export type ImageArtifact = Static<typeof ImageArtifactSchema>;
export type RemoteArtifact = Static<typeof RemoteArtifactSchema>;
/** A manifest whose artifact is of one kind. */
export type ManifestOf<Artifact extends Manifest["artifact"]> = Manifest & { artifact: Artifact };

/** Artifacts are judged by their kind's own schema: what is wrong with one is not told as failing every other. */
const artifactSchemas = new Map<unknown, TSchema>([
  ["wasm", BundledArtifactSchema],
  ["wasi", BundledArtifactSchema],
  ["js", BundledArtifactSchema],
  ["container", ImageArtifactSchema],
  ["remote", RemoteArtifactSchema],
]);
const OtherFieldsSchema = Type.Object({ ...ManifestSchema.properties, artifact: Type.Unknown() }, closed);

function problemsOf(value: unknown): string[] {
  const problems = fieldProblems(OtherFieldsSchema, value, "");
  const { artifact } = (value ?? {}) as { artifact?: { kind?: unknown } | null };
  if (artifact === undefined) return problems;
  const kind = artifact?.kind;
  const schema = artifactSchemas.get(kind);
  const kinds = [...artifactSchemas.keys()].join(", ");
  if (!schema) return [...problems, `artifact.kind: must be one of ${kinds}, got ${JSON.stringify(kind)}`];
  return [...problems, ...fieldProblems(schema, artifact, "/artifact")];
}

function fieldProblems(schema: TSchema, value: unknown, path: string): string[] {
  return Value.Errors(schema, value)
    .filter((error) => error.keyword !== "boolean")
    .map((error) => {
      const field = `${path}${error.instancePath}`.slice(1).replaceAll("/", ".") || "manifest";
      if (error.keyword === "additionalProperties")
        return `${field}: unknown field ${error.params.additionalProperties.join(", ")}`;
      if (error.keyword === "required") return `${field}: missing ${error.params.requiredProperties.join(", ")}`;
      return `${field}: ${error.message}`;
    });
}

/** What keeps an agent that must give the same everywhere from doing so. */
function determinismProblems({ artifact, grants, limits: { fuel } }: Manifest): string[] {
  if (fuel === undefined) return [];
  if (!deterministicKinds.has(artifact.kind))
    return [
      `limits.fuel: goes with ${[...deterministicKinds].join(", ")}; what a ${artifact.kind} gives cannot be repeated`,
    ];
  const [granted] = Object.keys(grants);
  return granted === undefined
    ? []
    : [`limits.fuel: goes without grants.${granted}: what it is answered may be another when it runs again`];
}
const deterministicKinds: ReadonlySet<string> = new Set(["wasm", "wasi", "js"]);

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
    problems.push(...determinismProblems(manifest));
    problems.push(...agentSchemaProblems(manifest.input, "input"), ...agentSchemaProblems(manifest.output, "output"));
    if (problems.length === 0) return manifest;
  }
  throw new StoaError("invalid_manifest", problems[0] ?? "the manifest is not valid", {
    details: { problems: problems.slice(0, 20) },
  });
}

/** True for an agent that is a container image. */
export function isContainer(manifest: Manifest): manifest is ManifestOf<ImageArtifact> {
  return manifest.artifact.kind === "container";
}

/** True for an agent behind an endpoint of its creator's. */
export function isRemote(manifest: Manifest): manifest is ManifestOf<RemoteArtifact> {
  return manifest.artifact.kind === "remote";
}

/** The id of an agent version: the content address of its manifest, which names its artifact by hash. */
export function agentVersionId(manifest: Manifest): AgentVersionId {
  return hashJson(manifest) as AgentVersionId;
}
