import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { uploadHash, UploadParamsSchema } from "./upload-params.ts";

/** `DELETE /api/v1/artifacts/:hash/upload`: drops what the caller has sent of an artifact that is not whole. */
export function dropUpload(app: App, { uploads }: HttpContext): void {
  app.delete(
    "/artifacts/:hash/upload",
    {
      schema: { summary: "Drop an unfinished upload", params: UploadParamsSchema },
    },
    async (request, reply) => {
      const { accountId } = callerOf(request);
      await uploads.drop(accountId, uploadHash(request.params));
      return reply.code(204).send();
    },
  );
}
