import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { hashBytes, StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFolderStore } from "../../src/objects/folder-store.ts";
import { type ObjectStore, openObjectStore, SMALL_BYTES } from "../../src/objects/object-store.ts";

describe("the object store in a folder", () => {
  let folder: string;
  let objects: ObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stoa-objects-"));
    objects = openFolderStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const bytes = Buffer.from("some bytes");
  const hash = hashBytes(bytes);
  const code = (expected: string) =>
    expect.toSatisfy((error: unknown) => error instanceof StoaError && error.code === expected, expected);
  const files = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);

  test("gives back what was put, by its hash, however often and by whichever way it was put", async () => {
    expect(await objects.has(hash)).toBe(false);
    expect(await Promise.all([objects.put(bytes), objects.put(bytes), objects.put(bytes)])).toEqual([hash, hash, hash]);
    expect(await objects.putStream(hash, Readable.from([bytes]), 100)).toBe(bytes.length);
    expect(Buffer.from(await objects.get(hash))).toEqual(bytes);
    expect(await objects.has(hash)).toBe(true);
    expect(await files()).toEqual([hash.slice(2)]);
    const empty = await objects.put(new Uint8Array());
    expect(await objects.get(empty)).toHaveLength(0);
  });

  test("a stream that is too long, hashes to something else or breaks off leaves nothing behind", async () => {
    const other = hashBytes(Buffer.from("other"));
    await expect(objects.putStream(other, Readable.from([bytes]), 100)).rejects.toEqual(code("wrong_hash"));
    await expect(objects.putStream(hash, Readable.from([bytes]), 5)).rejects.toEqual(code("too_large"));
    const broken = new PassThrough();
    broken.write("some");
    const put = objects.putStream(hash, broken, 100);
    broken.destroy(new Error("the client went away"));
    await expect(put).rejects.toThrow(/went away|premature|destroyed/i);
    expect(await files()).toEqual([]);
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

  test("bytes altered behind its back are not given out", async () => {
    await objects.put(bytes);
    await writeFile(join(folder, "sha256", hash.slice(2, 4), hash.slice(2)), "other bytes");
    await expect(objects.get(hash)).rejects.toEqual(code("internal"));
  });
});

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
    const open = () => openObjectStore({ folder, database: served.database });
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
      const objects = openObjectStore({ folder, database: counted });
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
