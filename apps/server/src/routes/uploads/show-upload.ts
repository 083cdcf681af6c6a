import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { uploadHash, uploadHeaders, UploadParamsSchema } from "./upload-params.ts";

/** `GET` and `HEAD /api/v1/artifacts/:hash/upload`: how much of an artifact the caller has sent so far. */
export function showUpload(app: App, { objects, uploads }: HttpContext): void {
  app.get(
    "/artifacts/:hash/upload",
    { schema: { summary: "How far the upload of an artifact is", params: UploadParamsSchema } },
    async (request, reply) => {
      const hash = uploadHash(request.params);
      const { accountId } = callerOf(request);
      const isComplete = await objects.has(hash);
      return reply
        .code(204)
        .headers(uploadHeaders(isComplete ? 0 : await uploads.offset(accountId, hash), isComplete))
        .send();
    },
  );
}
