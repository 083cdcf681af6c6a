import { decodeTyped, limits, parseManifest, PublishAgentSchema, PublishedSchema, StoaError } from "@stoa/protocol";
import { admitArtifact } from "@stoa/sandbox/admission";
import type { App } from "../../http/app.ts";
import { requireOwner } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

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
      const { hash } = manifest.artifact;
      if (!(await objects.has(hash))) throw new StoaError("artifact_missing", `the artifact ${hash} was not uploaded`);
      await admitArtifact(manifest, await objects.get(hash));
      const published = await market.publishAgent({ manifest, publication, signature });
      return reply.code(published.created ? 201 : 200).send(published);
    },
  );
}
