import {
  type Address,
  agentVersionId,
  type AgentVersionId,
  type Manifest,
  type Publication,
  requireSigner,
  type Signature,
  StoaError,
} from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

export interface PublishAgent {
  /** As `parseManifest` returned it. */
  manifest: Manifest;
  publication: Publication;
  signature: Signature;
}

interface PublishedBefore {
  versionId: AgentVersionId;
  creator: Address;
  version: string;
}

/**
 * Publishes an agent version under its creator's signature. A name belongs to whoever published under it first; the
 * same version twice is one version.
 * @throws {StoaError} `wrong_hash`, `wrong_signature`, `forbidden` for another's name, `version_exists`
 */
export async function publishAgent(
  context: MarketContext,
  request: PublishAgent,
): Promise<{ versionId: AgentVersionId; created: boolean }> {
  const { manifest, publication, signature } = request;
  const versionId = agentVersionId(manifest);
  if (publication.versionId !== versionId) {
    throw new StoaError(
      "wrong_hash",
      `the publication names ${publication.versionId}, the manifest hashes to ${versionId}`,
    );
  }
  await requireSigner(context.terms.domain, "Publication", publication, signature, publication.creator);
  const { creator } = publication;
  let before: PublishedBefore[] = [];
  return context.lane.run({
    name: "publish-agent",
    owns: [`agent:${manifest.name}`],
    async load(tx) {
      before = await tx.query<PublishedBefore>(
        'select version_id as "versionId", creator, version from agents where name = $1',
        [manifest.name],
      );
    },
    decide(set) {
      if (before.some((other) => other.versionId === versionId)) return { versionId, created: false };
      const owner = before[0]?.creator;
      if (owner && owner !== creator) throw new StoaError("forbidden", `the name ${manifest.name} is ${owner}'s`);
      if (before.some((other) => other.version === manifest.version)) {
        throw new StoaError("version_exists", `${manifest.name} ${manifest.version} was published with other content`);
      }
      set.defer((tx) =>
        tx.query(
          `insert into agents (version_id, name, version, creator, capabilities, manifest, artifact_hash, royalty,
                               signature, state, published_at)
           values ($1, $2, $3, $4, $5::text[], $6::jsonb, $7, $8::bigint, $9, 'active', $10::timestamptz)`,
          [
            versionId,
            manifest.name,
            manifest.version,
            creator,
            manifest.capabilities,
            JSON.stringify(manifest),
            manifest.artifact.kind === "remote" ? null : manifest.artifact.hash,
            manifest.royalty,
            signature,
            new Date(set.now).toISOString(),
          ],
        ),
      );
      set.emit({
        type: "agent.published",
        audience: null,
        data: {
          agentVersion: versionId,
          name: manifest.name,
          version: manifest.version,
          capabilities: [...manifest.capabilities],
          creator,
        },
      });
      return { versionId, created: true };
    },
  });
}
