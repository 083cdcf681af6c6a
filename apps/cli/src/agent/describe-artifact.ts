import type { Manifest } from "@stoa/protocol";

/** What an agent is made of, in a line. */
export function describeArtifact(artifact: Manifest["artifact"]): string {
  if (artifact.kind !== "remote") return `${artifact.kind}, ${artifact.bytes} bytes, ${artifact.hash}`;
  const tool = artifact.tool === undefined ? "" : `, tool ${artifact.tool}`;
  return `its creator's own endpoint, ${artifact.protocol} at ${artifact.url}${tool}`;
}
