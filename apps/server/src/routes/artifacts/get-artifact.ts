import { type Hash, parseHash, StoaError } from "@stoa/protocol";
import { isPublishedArtifact } from "@stoa/store";
import type { FastifyReply } from "fastify";
import { parse } from "range-parser";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import type { ObjectStore } from "../../objects/object-store.ts";

/** A bit of what the parser says. */
const UNSATISFIABLE = 2;

const ParamsSchema = Type.Object({ hash: Type.String() });

/** `GET /api/v1/artifacts/:hash`: a published artifact's bytes. Other objects, such as inputs, are not to be had here. */
export function getArtifact(app: App, { database, objects }: HttpContext): void {
  app.get(
    "/artifacts/:hash",
    { schema: { summary: "Download an artifact", params: ParamsSchema } },
    async (request, reply) => {
      const hash = parseHash(request.params.hash, "the artifact's hash");
      if (!(await isPublishedArtifact(database, hash)))
        throw new StoaError("not_found", `no published agent has the artifact ${hash}`);
      const etag = `"${hash}"`;
      reply.header("etag", etag).header("cache-control", "public, max-age=31536000, immutable");
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      reply.type("application/octet-stream").header("accept-ranges", "bytes");
      const asked = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
      if (request.headers.range !== undefined && asked) return sendPart(reply, objects, hash, request.headers.range);
      const { bytes, stream } = await objects.open(hash);
      return reply.header("content-length", bytes).send(stream);
    },
  );
}

/** Sends the first part that is asked for; more than one at once is more than anybody needs. */
async function sendPart(reply: FastifyReply, objects: ObjectStore, hash: Hash, header: string): Promise<FastifyReply> {
  const { bytes, stream: whole } = await objects.open(hash, { start: 0, end: 0 });
  whole.destroy();
  const { code, type, ranges } = parse(bytes, header);
  const part = type === "bytes" ? ranges[0] : undefined;
  if (!part) {
    // A header that makes no sense is ignored, one that asks for what is not there is told so.
    if (type === "bytes" && (code & UNSATISFIABLE) !== 0)
      return reply.code(416).header("content-range", `bytes */${bytes}`).send();
    return reply.header("content-length", bytes).send((await objects.open(hash)).stream);
  }
  const { stream } = await objects.open(hash, part);
  return reply
    .code(206)
    .header("content-range", `bytes ${part.start}-${part.end}/${bytes}`)
    .header("content-length", part.end - part.start + 1)
    .send(stream);
}
