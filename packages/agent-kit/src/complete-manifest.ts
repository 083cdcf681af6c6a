import { type BundledArtifact, hashBytes, type ImageArtifact, type ManifestOf, parseManifest } from "@stoa/protocol";

/**
 * Writes an artifact's hash and size into a manifest an author left them out of.
 * @param source the manifest's fields, `artifact` with only its `kind`
 * @throws {StoaError} `invalid_manifest` naming what is wrong
 * @example
 * completeManifest({ …, artifact: { kind: "js" } }, await readFile("build/agent.js"))
 */
export function completeManifest(
  source: { artifact: { kind: (BundledArtifact | ImageArtifact)["kind"] } },
  artifact: Uint8Array,
): ManifestOf<BundledArtifact | ImageArtifact> {
  const named = { kind: source.artifact.kind, hash: hashBytes(artifact), bytes: artifact.length };
  return { ...parseManifest({ ...source, artifact: named }), artifact: named };
}
