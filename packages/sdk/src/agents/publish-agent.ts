import {
  agentVersionId,
  encodeTyped,
  hashBytes,
  type Manifest,
  parseManifest,
  type Published,
  type Signer,
  signTyped,
  StoaError,
} from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { uploadArtifact } from "./upload-artifact.ts";
import { signingDomain } from "../market/signing-domain.ts";

export interface PublishAgent {
  manifest: Manifest;
  /** The bytes the manifest names by hash; none for an agent behind an endpoint. */
  artifact?: Uint8Array;
  /** The creator's wallet: royalties go to it. */
  signer: Signer;
  /** Told while the artifact is sent: bytes that have arrived, of all. */
  onProgress?(sent: number, bytes: number): void;
}

/**
 * Uploads an agent's artifact and publishes its manifest under the creator's signature. The same version published
 * again is the same version.
 * @throws {StoaError} `invalid_manifest`, `wrong_hash` when the bytes are not the manifest's, and what the market says
 */
export async function publishAgent(
  connection: Connection,
  { manifest, artifact, signer, onProgress }: PublishAgent,
): Promise<Published> {
  parseManifest(manifest);
  const expected = manifest.artifact.kind === "remote" ? undefined : manifest.artifact.hash;
  const actual = artifact && hashBytes(artifact);
  if (actual !== expected) {
    throw new StoaError(
      "wrong_hash",
      `the artifact hashes to ${actual ?? "nothing"}, the manifest names ${expected ?? "an endpoint instead of one"}`,
    );
  }
  const domain = signingDomain(await connection.terms());
  const publication = { creator: signer.address, versionId: agentVersionId(manifest) };
  const signature = await signTyped(signer, domain, "Publication", publication);
  if (artifact) await uploadArtifact(connection, artifact, { ...(onProgress && { onProgress }) });
  return requestJson(connection, "/agents", {
    method: "POST",
    body: { manifest, publication: encodeTyped("Publication", publication), signature },
    repeatable: true,
  });
}
