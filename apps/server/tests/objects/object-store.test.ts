import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { freePort } from "@stoa/host";
import { type Hash, hashBytes, StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { type S3Server, startS3Server } from "@stoa/testkit/s3-server";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openFolderStore } from "../../src/objects/folder-store.ts";
import { type ObjectStore, openObjectStore, SMALL_BYTES } from "../../src/objects/object-store.ts";
import { openS3Store, type S3Settings } from "../../src/objects/s3-store.ts";

/** A place for large objects, and what lies in it behind the store's back. */
interface Place {
  objects: ObjectStore;
  /** What is kept, by the last part of its name. */
  names(): Promise<string[]>;
  alter(hash: Hash, bytes: string): Promise<void>;
}

const bytes = Buffer.from("some bytes");
const hash = hashBytes(bytes);
/** Several parts of an upload to a bucket. */
const large = randomBytes(12 << 20);
const code = (expected: string) =>
  expect.toSatisfy((error: unknown) => error instanceof StoaError && error.code === expected, expected);

/** What every store of large objects promises. */
function describeLargeStore(open: () => Promise<Place>): void {
  let place: Place;
  let objects: ObjectStore;
  beforeEach(async () => {
    place = await open();
    objects = place.objects;
  });

  test("gives back what was put, by its hash, however often and by whichever way it was put", async () => {
    expect(await objects.has(hash)).toBe(false);
    expect(await Promise.all([objects.put(bytes), objects.put(bytes), objects.put(bytes)])).toEqual([hash, hash, hash]);
    expect(await objects.putStream(hash, Readable.from([bytes]), 100)).toBe(bytes.length);
    expect(Buffer.from(await objects.get(hash))).toEqual(bytes);
    expect(await objects.has(hash)).toBe(true);
    expect(await place.names()).toEqual([hash.slice(2)]);
    const empty = await objects.put(new Uint8Array());
    expect(await objects.get(empty)).toHaveLength(0);
  });

  test("takes and gives large objects piece by piece, whole or in part", { timeout: 60_000 }, async () => {
    const name = hashBytes(large);
    const pieces = Array.from({ length: 12 }, (_, at) => large.subarray(at << 20, (at + 1) << 20));
    expect(await objects.putStream(name, Readable.from(pieces), large.length)).toBe(large.length);
    const whole = await objects.open(name);
    expect(whole.bytes).toBe(large.length);
    expect((await buffer(whole.stream)).equals(large)).toBe(true);
    const part = await objects.open(name, { start: 7_000_000, end: 7_000_009 });
    expect(part.bytes).toBe(large.length);
    expect(await buffer(part.stream)).toEqual(large.subarray(7_000_000, 7_000_010));
    await expect(objects.open(hash)).rejects.toEqual(code("not_found"));
  });

  test("a stream that is too long, hashes to something else or breaks off leaves nothing behind", async () => {
    const other = hashBytes(Buffer.from("other"));
    await expect(objects.putStream(other, Readable.from([bytes]), 100)).rejects.toEqual(code("wrong_hash"));
    await expect(objects.putStream(hash, Readable.from([bytes]), 5)).rejects.toEqual(code("too_large"));
    await expect(objects.putStream(other, Readable.from([large]), large.length)).rejects.toEqual(code("wrong_hash"));
    const broken = new PassThrough();
    broken.write("some");
    const put = objects.putStream(hash, broken, 100);
    broken.destroy(new Error("the client went away"));
    await expect(put).rejects.toThrow(/went away|premature|destroyed/i);
    expect(await place.names()).toEqual([]);
    expect(await objects.has(hash)).toBe(false);
  });

  test("nothing is under its name before it is whole", async () => {
    const slow = new PassThrough();
    const put = objects.putStream(hash, slow, 100);
    slow.write(bytes.subarray(0, 4));
    expect(await objects.has(hash)).toBe(false);
    await expect(objects.get(hash)).rejects.toEqual(code("not_found"));
    slow.end(bytes.subarray(4));
    await put;
    expect(await objects.has(hash)).toBe(true);
  });

  test("bytes altered behind its back are not given out, and a reader is cut off before their end", async () => {
    await objects.put(bytes);
    await place.alter(hash, "other byte");
    await expect(objects.get(hash)).rejects.toEqual(code("internal"));
    const { stream } = await objects.open(hash);
    let read = 0;
    stream.on("data", (chunk: Buffer) => (read += chunk.length));
    await expect(finished(stream)).rejects.toEqual(code("internal"));
    expect(read).toBeLessThan(bytes.length);
  });
}

describe("the object store in a folder", () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  describeLargeStore(async () => {
    const folder = await mkdtemp(join(tmpdir(), "stoa-objects-"));
    folders.push(folder);
    return {
      objects: openFolderStore(folder),
      async names() {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      },
      alter: (name, text) => writeFile(join(folder, "sha256", name.slice(2, 4), name.slice(2)), text),
    };
  });
});

const server = await startS3Server();
const missing = "missing" in server ? server.missing : undefined;
afterAll(async () => {
  if (!("missing" in server)) await server[Symbol.asyncDispose]();
});

describe.skipIf(missing !== undefined)(
  `the object store in a bucket${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    const { endpoint, region, credentials } = server as S3Server;
    const client = new S3Client({
      endpoint,
      region,
      credentials,
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    afterAll(() => client.destroy());

    async function makeBucket(): Promise<S3Settings> {
      const bucket = `stoa-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return { bucket, endpoint, region, credentials, prefix: "market/" };
    }

    describeLargeStore(async () => {
      const settings = await makeBucket();
      const Bucket = settings.bucket;
      const keyOf = (name: Hash) => `market/sha256/${name.slice(2, 4)}/${name.slice(2)}`;
      return {
        objects: await openS3Store(settings),
        async names() {
          const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
          const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
          return [...Contents, ...Uploads].map(({ Key }) => Key!.split("/").at(-1)!);
        },
        alter: async (name, text) =>
          void (await client.send(new PutObjectCommand({ Bucket, Key: keyOf(name), Body: text }))),
      };
    });

    test("a server that goes away in the middle of a stream is told as away, and the stream is ended", async () => {
      const settings = await makeBucket();
      const { port } = new URL(settings.endpoint!);
      const sockets = new Set<Socket>();
      const between = createServer((socket) => {
        const other = connect(Number(port), "127.0.0.1");
        for (const [from, to] of [
          [socket, other],
          [other, socket],
        ] as const) {
          sockets.add(from.on("error", () => undefined).on("close", () => to.destroy()));
          from.pipe(to);
        }
      });
      between.listen(0, "127.0.0.1");
      await once(between, "listening");
      const endpoint = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
      const objects = await openS3Store({ ...settings, endpoint });
      const stream = new PassThrough();
      const put = objects.putStream(hashBytes(large), stream, large.length);
      stream.write(large.subarray(0, 6 << 20));
      await vi.waitFor(
        async () => {
          const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: settings.bucket }));
          expect(Uploads).toHaveLength(1);
        },
        { timeout: 20_000, interval: 50 },
      );
      between.close();
      for (const socket of sockets) socket.destroy();
      stream.write(large.subarray(6 << 20));
      await expect(put).rejects.toEqual(code("store_unavailable"));
      expect(stream.destroyed).toBe(true);
    });

    test("what keeps it from its bucket is said when it is opened", async () => {
      const settings = await makeBucket();
      const open = (change: Partial<S3Settings>) => openS3Store({ ...settings, ...change });
      await expect(open({ bucket: "stoa-none" })).rejects.toThrow(/stoa-none .* does not exist: create it/);
      const wrong = { ...credentials, secretAccessKey: "wrong" };
      await expect(open({ credentials: wrong })).rejects.toThrow(/turns the server away.*AWS_SECRET_ACCESS_KEY/);
      const away = open({ endpoint: `http://127.0.0.1:${await freePort()}` });
      await expect(away).rejects.toEqual(code("store_unavailable"));
    });
  },
);

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))(
  "small objects in $name",
  ({ start }) => {
    let folder: string;
    let served: TestDatabase;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "stoa-objects-"));
      served = await start();
    });
    afterEach(async () => {
      await served[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });
    const open = () => openObjectStore({ large: openFolderStore(folder), database: served.database });
    const files = async () =>
      (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

    test("are there for whoever opens the store next, larger ones in files", async () => {
      const sizes = [0, 1, 100, SMALL_BYTES, SMALL_BYTES + 1];
      const all = sizes.map((size) => Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 7 + size) % 256)));
      const objects = open();
      const hashes = await Promise.all([...all, ...all].map((bytes) => objects.put(bytes)));
      expect(await files()).toHaveLength(1);
      const reopened = open();
      for (const [at, bytes] of all.entries()) {
        expect(hashes[at]).toBe(hashBytes(bytes));
        expect(await reopened.has(hashes[at]!)).toBe(true);
        expect(Buffer.from(await reopened.get(hashes[at]!))).toEqual(bytes);
      }
      const absent = hashBytes(Buffer.from("absent"));
      expect(await reopened.has(absent)).toBe(false);
      await expect(reopened.get(absent)).rejects.toMatchObject({ code: "not_found" });
    });

    test("put by many at once take few statements, and each is there when its own put resolves", async () => {
      let inserts = 0;
      const counted: Database = {
        ...served.database,
        query: (text, params) => {
          if (text.startsWith("insert")) inserts += 1;
          return served.database.query(text, params);
        },
      };
      const objects = openObjectStore({ large: openFolderStore(folder), database: counted });
      const reader = open();
      await Promise.all(
        Array.from({ length: 300 }, async (_, at) => {
          const hash = await objects.put(Buffer.from(`object ${at}`));
          expect(await reader.has(hash)).toBe(true);
        }),
      );
      expect(inserts).toBeLessThan(20);
    });

    test("altered behind the store's back are not given out", async () => {
      const hash = await open().put(Buffer.from("some bytes"));
      await served.database.query("update small_objects set bytes = 'other bytes'::bytea");
      await expect(open().get(hash)).rejects.toMatchObject({ code: "internal" });
    });
  },
);
