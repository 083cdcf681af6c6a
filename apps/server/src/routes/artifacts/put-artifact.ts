import type { Readable } from "node:stream";
import { limits, parseHash, StoaError, StoredArtifactSchema } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

const ParamsSchema = Type.Object({ hash: Type.String({ description: "SHA-256 of the bytes" }) });

/** `PUT /api/v1/artifacts/:hash`: raw bytes, streamed to the object store and kept only when they hash to their name. */
export function putArtifact(app: App, { objects }: HttpContext): void {
  app.addContentTypeParser("application/octet-stream", (_request, payload, done) => done(null, payload));
  app.put(
    "/artifacts/:hash",
    {
      bodyLimit: limits.imageBytes,
      schema: {
        summary: "Upload an artifact (application/octet-stream)",
        params: ParamsSchema,
        response: { 200: StoredArtifactSchema, 201: StoredArtifactSchema },
      },
    },
    async (request, reply) => {
      const hash = parseHash(request.params.hash, "the artifact's hash");
      const body = request.body as Readable | undefined;
      if (typeof body?.pipe !== "function")
        throw new StoaError("invalid_request", "send the bytes as application/octet-stream");
      const known = await objects.has(hash);
      const bytes = await objects.putStream(hash, body, limits.imageBytes);
      return reply.code(known ? 200 : 201).send({ hash, bytes });
    },
  );
}
