import type { Readable } from "node:stream";
import { limits, StoaError, StoredArtifactSchema } from "@stoa/protocol";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { uploadHash, uploadHeaders, UploadParamsSchema } from "./upload-params.ts";

const HeadersSchema = Type.Object({
  "upload-offset": Type.Integer({ minimum: 0, description: "where the piece begins" }),
  "upload-complete": Type.Union([Type.Literal("?0"), Type.Literal("?1")], { description: "?1 with the last piece" }),
});

/** `PATCH /api/v1/artifacts/:hash/upload`: the next piece of an artifact; with the last one it is kept, when it is whole. */
export function appendUpload(app: App, { uploads }: HttpContext): void {
  app.addContentTypeParser("application/partial-upload", (_request, payload, done) => done(null, payload));
  app.patch(
    "/artifacts/:hash/upload",
    {
      bodyLimit: limits.imageBytes,
      schema: {
        summary: "Send a piece of an artifact (application/partial-upload)",
        params: UploadParamsSchema,
        headers: HeadersSchema,
        response: { 201: StoredArtifactSchema, 204: Type.Null({ description: "more is to come" }) },
      },
    },
    async (request, reply) => {
      const hash = uploadHash(request.params);
      const { accountId } = callerOf(request);
      const body = request.body as Readable | undefined;
      if (typeof body?.pipe !== "function")
        throw new StoaError("invalid_request", "send the piece as application/partial-upload");
      const offset = await uploads.append(accountId, hash, request.headers["upload-offset"], body);
      const isLast = request.headers["upload-complete"] === "?1";
      reply.headers(uploadHeaders(offset, isLast));
      if (!isLast) return reply.code(204).send(null);
      return reply.code(201).send({ hash, bytes: await uploads.finish(accountId, hash) });
    },
  );
}
