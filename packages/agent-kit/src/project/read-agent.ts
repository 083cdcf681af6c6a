import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashBytes, type Manifest, parseManifest, StoaError } from "@stoa/protocol";
import { ARTIFACT_NAMES } from "./artifact-names.ts";
import { findManifest } from "./find-manifest.ts";
import { readManifestFile } from "./read-manifest-file.ts";

/** An agent as its author has it on disk. */
export interface AgentFiles {
  manifest: Manifest;
  /** Absent for an agent behind an endpoint. */
  artifact?: Uint8Array;
  manifestPath: string;
}

/**
 * Reads an agent's manifest and artifact. A folder stands for its `build/manifest.json`, or else its `manifest.json` or
 * `manifest.yaml`; a manifest that leaves the artifact's hash and size out gets them from the artifact beside it.
 * @throws {StoaError} `not_found`, `malformed_json`, `invalid_manifest`, `wrong_hash`
 */
export async function readAgent(path: string, artifactPath?: string): Promise<AgentFiles> {
  const manifestPath = await findManifest(path);
  const written = await readManifestFile(manifestPath);
  const named = written["artifact"] as { kind?: unknown; hash?: string } | undefined;
  const kind = named?.kind;
  if (kind === "remote") return { manifest: parseManifest(written), manifestPath };
  if (kind !== "js" && kind !== "wasm" && kind !== "wasi" && kind !== "container") {
    throw new StoaError(
      "invalid_manifest",
      `artifact.kind in ${manifestPath} must be "js", "wasm", "wasi", "container" or "remote", got ${JSON.stringify(kind)}`,
    );
  }
  const artifact = await readArtifact(artifactPath === undefined ? candidates(manifestPath, kind) : [artifactPath]);
  const hash = hashBytes(artifact);
  if (named?.hash !== undefined && named.hash !== hash) {
    throw new StoaError(
      "wrong_hash",
      `${manifestPath} names the artifact ${named.hash}, the one beside it hashes to ${hash}: build it again`,
    );
  }
  const manifest = parseManifest({ ...written, artifact: { ...named, hash, bytes: artifact.byteLength } });
  return { manifest, artifact, manifestPath };
}

function candidates(manifestPath: string, kind: keyof typeof ARTIFACT_NAMES): string[] {
  const folder = dirname(manifestPath);
  return [join(folder, ARTIFACT_NAMES[kind]), join(folder, "build", ARTIFACT_NAMES[kind])];
}

async function readArtifact(paths: readonly string[]): Promise<Uint8Array> {
  for (const path of paths) {
    try {
      return new Uint8Array(await readFile(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new StoaError(
    "not_found",
    `there is no artifact at ${paths.join(" or ")}: build the agent, or name it with --artifact`,
  );
}
