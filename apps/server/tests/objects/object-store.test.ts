import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { hashBytes, StoaError } from "@stoa/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ObjectStore, openObjectStore } from "../../src/objects/object-store.ts";

describe("the object store in a folder", () => {
  let folder: string;
  let objects: ObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stoa-objects-"));
    objects = openObjectStore(folder);
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
