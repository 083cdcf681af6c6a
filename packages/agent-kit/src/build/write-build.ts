import { join } from "node:path";
import { writeWhole } from "@stoa/host";
import type { BundledArtifact, ImageArtifact, ManifestOf } from "@stoa/protocol";
import { completeManifest } from "../complete-manifest.ts";
import { ARTIFACT_NAMES } from "../project/artifact-names.ts";
import { findWrittenManifest } from "../project/find-written-manifest.ts";
import { readManifestFile } from "../project/read-manifest-file.ts";

/** What was built of an agent, and where it is. */
export interface BuiltAgent {
  manifest: ManifestOf<BundledArtifact | ImageArtifact>;
  artifact: Uint8Array;
  manifestPath: string;
  artifactPath: string;
}

/**
 * Writes an artifact and the manifest that names it into the folder's `build/`.
 * @throws {StoaError} `not_found`, `malformed_json` or `invalid_manifest` for the folder's manifest
 * @example
 * await writeBuild(import.meta.dirname, await bundleJs("src/main.ts"));
 */
export async function writeBuild(folder: string, artifact: Uint8Array): Promise<BuiltAgent> {
  const written = await readManifestFile(await findWrittenManifest(folder));
  const manifest = completeManifest(written as Parameters<typeof completeManifest>[0], artifact);
  const artifactPath = join(folder, "build", ARTIFACT_NAMES[manifest.artifact.kind]);
  const manifestPath = join(folder, "build", "manifest.json");
  await writeWhole(artifactPath, artifact);
  await writeWhole(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  return { manifest, artifact, manifestPath, artifactPath };
}
