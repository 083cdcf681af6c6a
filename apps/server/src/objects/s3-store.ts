import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { type Hash, hashBytes, StoaError } from "@stoa/protocol";
import { Meter } from "./meter.ts";
import type { ObjectStore } from "./object-store.ts";
import { Verifier } from "./verifier.ts";

/** The least a part may have, by the protocol; a stream takes two parts of memory at most. */
const PART_BYTES = 5 << 20;
const PARTS_AT_ONCE = 2;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 60_000;
const ATTEMPTS = 4;
/** An upload nobody ended by then was left by a server that died. */
const STALE_MS = 24 * 3_600_000;

export interface S3Settings {
  bucket: string;
  /** Where a server other than Amazon's is. */
  endpoint?: string | undefined;
  region: string;
  /** What the keys of objects begin with, such as `stoa/`. */
  prefix: string;
  /** Found as every SDK of Amazon's finds them when absent: environment, profile, role. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

/**
 * Opens an object store in a bucket of a server that speaks S3. Streams go up part by part, and stand under their name
 * only once they are whole and hash to it.
 * @throws {StoaError} `invalid_configuration` when the bucket may not be used, `store_unavailable` when it is away
 * @example
 * const objects = await openS3Store({ bucket: "stoa", region: "eu-central-1", prefix: "" });
 */
export async function openS3Store(settings: S3Settings): Promise<ObjectStore> {
  const { bucket: Bucket, endpoint, region, prefix, credentials } = settings;
  const client = new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    maxAttempts: ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    // Servers other than Amazon's do not know its newer checksums; what is read is hashed here in any case.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const keyOf = (hash: Hash) => `${prefix}sha256/${hash.slice(2, 4)}/${hash.slice(2)}`;
  await client.send(new HeadBucketCommand({ Bucket })).catch((error: unknown) => {
    client.destroy();
    throw explain(error, settings);
  });
  await abortStale();

  async function abortStale(): Promise<void> {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }));
    const old = Uploads.filter(({ Initiated }) => Date.now() - (Initiated?.getTime() ?? Date.now()) > STALE_MS);
    for (const { Key, UploadId } of old)
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
  }

  async function has(hash: Hash): Promise<boolean> {
    try {
      await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(hash) }));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw explain(error, settings);
    }
  }

  const open: ObjectStore["open"] = async (hash, range) => {
    const Range = range && `bytes=${range.start}-${range.end}`;
    try {
      const { Body, ContentLength, ContentRange } = await client.send(
        new GetObjectCommand({ Bucket, Key: keyOf(hash), Range }),
      );
      const bytes = Number(ContentRange?.split("/")[1] ?? ContentLength);
      const body = Body as Readable;
      if (range) return { bytes, stream: body };
      const stream = new Verifier(hash);
      pipeline(body, stream).catch((error: Error) => stream.destroy(error));
      return { bytes, stream };
    } catch (error) {
      throw isMissing(error) ? new StoaError("not_found", `there is no object ${hash}`) : explain(error, settings);
    }
  };

  return {
    async put(bytes) {
      const hash = hashBytes(bytes);
      if (await has(hash)) return hash;
      await client.send(new PutObjectCommand({ Bucket, Key: keyOf(hash), Body: bytes })).catch((error: unknown) => {
        throw explain(error, settings);
      });
      return hash;
    },
    async putStream(hash, stream, maxBytes) {
      const meter = new Meter(maxBytes, hash);
      const upload = new Upload({
        client,
        params: { Bucket, Key: keyOf(hash), Body: meter },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
      });
      // A stream that fails, and a meter that refuses it, end the upload before it is completed: then it is aborted.
      // An upload that fails ends the stream: nothing would read on.
      const sending = upload.done().catch((error: Error) => {
        meter.destroy(error);
        throw error;
      });
      const [fed, sent] = await Promise.allSettled([pipeline(stream, meter), sending]);
      // A stream that was ended with the upload says nothing of why.
      if (fed.status === "rejected" && fed.reason !== reasonOf(sent) && (fed.reason as Error).name !== "AbortError")
        throw fed.reason;
      if (sent.status === "rejected") throw explain(sent.reason, settings);
      return meter.bytes;
    },
    open,
    get: async (hash) => buffer((await open(hash)).stream),
    has,
  };
}

const reasonOf = (settled: PromiseSettledResult<unknown>): unknown =>
  settled.status === "rejected" ? settled.reason : undefined;

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && ["NoSuchKey", "NotFound"].includes(error.name);
}

/** What is wrong, and what to do about it. */
function explain(error: unknown, { bucket, endpoint = "Amazon S3" }: S3Settings): unknown {
  if (error instanceof StoaError) return error;
  const where = `the bucket ${bucket} at ${endpoint}`;
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status === 404)
    return new StoaError("invalid_configuration", `${where} does not exist: create it, or mend STOA_S3_BUCKET`);
  if (status === 401 || status === 403)
    return new StoaError(
      "invalid_configuration",
      `${where} turns the server away (${(error as Error).name}): mend AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what they may do`,
    );
  const told = error instanceof Error ? error.message || error.name : String(error);
  return new StoaError("store_unavailable", `${where} is away: ${told}`, { cause: error });
}
