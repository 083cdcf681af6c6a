import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hash, hashBytes } from "@stoa/protocol";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openArtifactCache } from "./artifact-cache.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-cache-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Five artifacts of 100 bytes each, and a cache in front of where they come from. */
function setUp({ maxBytes = 250, hosted = [] as number[] } = {}) {
  const artifacts = Array.from({ length: 5 }, (_, at) => Buffer.alloc(100, at));
  const hashes = artifacts.map((bytes) => hashBytes(bytes));
  const fetched: number[] = [];
  const cache = openArtifactCache({
    folder,
    maxBytes,
    async fetch(hash) {
      fetched.push(hashes.indexOf(hash));
      return artifacts[hashes.indexOf(hash)]!;
    },
    isHosted: (hash) => hosted.includes(hashes.indexOf(hash)),
    log: pino({ level: "silent" }),
  });
  const get = async (at: number) => {
    expect(Buffer.from(await cache.get(hashes[at]!))).toEqual(artifacts[at]);
    // Files used within one tick of the clock would have no order.
    const usedAt = new Date(Date.now() - 60_000 + (order += 1_000));
    await utimes(join(folder, hashes[at]!), usedAt, usedAt).catch(() => undefined);
  };
  let order = 0;
  const kept = async () =>
    (await readdir(folder)).map((name) => hashes.indexOf(name as Hash)).toSorted((a, b) => a - b);
  return { cache, hashes, fetched, get, kept };
}

test("an artifact is fetched once, also by two who ask at once, and again when its file was damaged", async () => {
  const { cache, hashes, fetched, get } = setUp();
  await Promise.all([cache.get(hashes[0]!), cache.get(hashes[0]!)]);
  await get(0);
  expect(fetched).toEqual([0]);
  await writeFile(join(folder, hashes[0]!), "damaged");
  await get(0);
  expect(fetched).toEqual([0, 0]);
});

test("what was used least recently makes room", async () => {
  const { get, kept, fetched } = setUp();
  for (const at of [0, 1, 0, 2]) await get(at);
  expect(await kept()).toEqual([0, 2]);
  await get(1);
  expect(fetched).toEqual([0, 1, 2, 1]);
});

test("what hosted agents are made of goes last, but goes too: the bound holds", async () => {
  const { get, kept } = setUp({ hosted: [0, 3] });
  for (const at of [0, 1, 2]) await get(at);
  expect(await kept()).toEqual([0, 2]);
  await get(3);
  expect(await kept()).toEqual([0, 3]);
  const small = setUp({ maxBytes: 100, hosted: [0, 3] });
  await small.cache.sweep();
  expect(await small.kept()).toEqual([3]);
});

test("one that is larger than the bound is given, and not kept", async () => {
  const { get, kept } = setUp({ maxBytes: 99 });
  await get(0);
  expect(await kept()).toEqual([]);
});

test("what a killed node left half written is gone after a sweep", async () => {
  const { cache, hashes, get, kept } = setUp();
  await get(0);
  await writeFile(join(folder, `${hashes[1]}.1234.new`), "half");
  await cache.sweep();
  expect(await kept()).toEqual([0]);
});
