import { parseHash, StoaError } from "@stoa/protocol";
import { isPublishedArtifact } from "@stoa/store";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

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
      return reply.type("application/octet-stream").send(Buffer.from(await objects.get(hash)));
    },
  );
}
