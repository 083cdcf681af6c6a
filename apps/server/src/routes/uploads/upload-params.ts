import { limits, parseHash, type Hash } from "@stoa/protocol";
import Type from "typebox";

/** What every route of an upload is called with. */
export const UploadParamsSchema = Type.Object({ hash: Type.String({ description: "SHA-256 of the whole artifact" }) });

export const uploadHash = (params: { hash: string }): Hash => parseHash(params.hash, "the artifact's hash");

/**
 * What an answer says of an upload.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/
 */
export const uploadHeaders = (offset: number, isComplete: boolean) => ({
  "upload-offset": String(offset),
  "upload-complete": isComplete ? "?1" : "?0",
  "upload-limit": `max-size=${limits.imageBytes}`,
  "cache-control": "no-store",
});
