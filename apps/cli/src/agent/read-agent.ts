import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hashBytes, type Manifest, parseManifest, StoaError } from "@stoa/protocol";

/** An agent as its author has it on disk. */
export interface AgentFiles {
  manifest: Manifest;
  /** Absent for an agent behind an endpoint. */
  artifact?: Uint8Array;
  manifestPath: string;
}

const ARTIFACT_NAMES = { js: ["agent.js"], wasm: ["agent.wasm"] } as const;

/**
 * Reads an agent's manifest and artifact. A folder stands for its `build/manifest.json`, or else its `manifest.json`;
 * a manifest that leaves the artifact's hash and size out gets them from the artifact beside it.
 * @throws {StoaError} `not_found`, `malformed_json`, `invalid_manifest`, `wrong_hash`
 */
export async function readAgent(path: string, artifactPath?: string): Promise<AgentFiles> {
  const manifestPath = await findManifest(path);
  const written = await readJson(manifestPath);
  const kind = (written["artifact"] as { kind?: unknown } | undefined)?.kind;
  if (kind === "remote") return { manifest: parseManifest(written), manifestPath };
  if (kind !== "js" && kind !== "wasm") {
    throw new StoaError(
      "invalid_manifest",
      `artifact.kind in ${manifestPath} must be "js", "wasm" or "remote", got ${JSON.stringify(kind)}`,
    );
  }
  const artifact = await readArtifact(artifactPath === undefined ? candidates(manifestPath, kind) : [artifactPath]);
  const hash = hashBytes(artifact);
  const named = written["artifact"] as { hash?: string };
  if (named.hash !== undefined && named.hash !== hash) {
    throw new StoaError(
      "wrong_hash",
      `${manifestPath} names the artifact ${named.hash}, the one beside it hashes to ${hash}: build it again`,
    );
  }
  const manifest = parseManifest({ ...written, artifact: { kind, hash, bytes: artifact.byteLength } });
  return { manifest, artifact, manifestPath };
}

async function findManifest(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return path;
  const built = join(path, "build", "manifest.json");
  return (await exists(built)) ? built : join(path, "manifest.json");
}

function candidates(manifestPath: string, kind: "js" | "wasm"): string[] {
  const folder = dirname(manifestPath);
  return ARTIFACT_NAMES[kind].flatMap((name) => [join(folder, name), join(folder, "build", name)]);
}

async function readArtifact(paths: readonly string[]): Promise<Uint8Array> {
  for (const path of paths) {
    if (await exists(path)) return new Uint8Array(await readFile(path));
  }
  throw new StoaError(
    "not_found",
    `there is no artifact at ${paths.join(" or ")}: build the agent, or name it with --artifact`,
  );
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new StoaError("not_found", `the manifest ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch (cause) {
    throw new StoaError("malformed_json", `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  throw new StoaError("invalid_manifest", `${path} must hold an object`);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
