import {
  decodeTyped,
  limits,
  type Manifest,
  parseManifest,
  PublishAgentSchema,
  PublishedSchema,
  StoaError,
} from "@stoa/protocol";
import { admitArtifact, admitRemote } from "@stoa/sandbox/admission";
import type { App } from "../../http/app.ts";
import { requireOwner } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** An artifact must have been uploaded and may be run; of an endpoint, only what its manifest says can be judged. */
async function admit(manifest: Manifest, objects: HttpContext["objects"]): Promise<void> {
  const { artifact } = manifest;
  if (artifact.kind === "remote") return void admitRemote({ ...manifest, artifact });
  const { hash } = artifact;
  if (!(await objects.has(hash))) throw new StoaError("artifact_missing", `the artifact ${hash} was not uploaded`);
  await admitArtifact(manifest, await objects.get(hash));
}

/** `POST /api/v1/agents`: publishes a version whose artifact was uploaded before; 200 when it was published already. */
export function publishAgent(app: App, { market, objects }: HttpContext): void {
  app.post(
    "/agents",
    {
      bodyLimit: limits.manifestBytes * 4,
      schema: {
        summary: "Publish an agent version",
        body: PublishAgentSchema,
        response: { 200: PublishedSchema, 201: PublishedSchema },
      },
    },
    async (request, reply) => {
      const { signature } = request.body;
      const manifest = parseManifest(request.body.manifest);
      const publication = decodeTyped("Publication", request.body.publication);
      requireOwner(request, publication.creator, "the publication");
      await admit(manifest, objects);
      const published = await market.publishAgent({ manifest, publication, signature });
      return reply.code(published.created ? 201 : 200).send(published);
    },
  );
}
