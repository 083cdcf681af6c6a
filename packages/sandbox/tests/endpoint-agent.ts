import type { Manifest, ManifestOf, RemoteArtifact } from "@stoa/protocol";
import { manifestFor } from "./misbehaving-agent.ts";

/** A manifest for an endpoint, with limits small enough to be reached soon. */
export function endpointAgent(
  artifact: Omit<RemoteArtifact, "kind">,
  change: Partial<Manifest> = {},
): ManifestOf<RemoteArtifact> {
  const { artifact: _, ...others } = manifestFor("js", new Uint8Array(1), change);
  return { ...others, artifact: { kind: "remote", ...artifact } };
}
