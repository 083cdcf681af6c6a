import type { Json } from "./content-hash.ts";
import { ManifestSchema } from "./manifest.ts";

type JsonObject = { [keyword: string]: Json };

/** What the artifact itself tells: an author leaves it out, and publishing fills it in. */
const FILLED_IN = ["hash", "bytes"];

/**
 * The JSON Schema of the file an author writes, for editors: the manifest's own, with `$schema` let through and what
 * publishing fills in left to it. What is signed is the manifest without `$schema`.
 */
export function manifestFileSchema(): JsonObject {
  const { properties, ...rest } = JSON.parse(JSON.stringify(ManifestSchema)) as JsonObject & { properties: JsonObject };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Stoa agent manifest",
    description: "manifest.json or manifest.yaml of an agent; docs/agents.md describes each field",
    ...rest,
    properties: {
      $schema: { type: "string", description: "where an editor finds this schema; no part of what is signed" },
      ...properties,
      artifact: withoutWhatIsFilledIn(properties["artifact"] as JsonObject),
    },
  };
}

function withoutWhatIsFilledIn(artifact: JsonObject): JsonObject {
  const { anyOf, required } = artifact;
  if (Array.isArray(anyOf))
    return { ...artifact, anyOf: anyOf.map((kind) => withoutWhatIsFilledIn(kind as JsonObject)) };
  if (!Array.isArray(required)) return artifact;
  return { ...artifact, required: required.filter((name) => !FILLED_IN.includes(String(name))) };
}
