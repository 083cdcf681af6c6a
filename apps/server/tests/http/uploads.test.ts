import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type Hash, hashBytes, hashJson, limits, signTyped } from "@stoa/protocol";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openFolderStore } from "../../src/objects/folder-store.ts";
import { openUploads } from "../../src/uploads/open-uploads.ts";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

const type = "application/partial-upload";

describe("an artifact sent in pieces", () => {
  let opened: TestDatabase;
  let http: HttpFixture;
  let token: string;
  beforeAll(async () => {
    opened = await databaseKinds[0]!.start();
    http = await startHttp(opened.database);
    token = await http.signIn(randomKey());
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  async function state(hash: Hash, as = token) {
    const { status, headers } = await http.call("HEAD", `artifacts/${hash}/upload`, { token: as });
    expect(status).toBe(204);
    return { offset: Number(headers.get("upload-offset")), complete: headers.get("upload-complete") };
  }
  const send = (hash: Hash, offset: number, raw: Uint8Array, complete: "?0" | "?1" = "?0") =>
    http.call("PATCH", `artifacts/${hash}/upload`, {
      token,
      raw,
      type,
      headers: { "upload-offset": String(offset), "upload-complete": complete },
    });

  /** Publishes an agent of a script, as its creator. */
  async function publish(source: Uint8Array): Promise<Hash> {
    const creator = randomKey();
    const hash = hashBytes(source);
    const artifact = { kind: "js", hash, bytes: source.length };
    const manifest = { ...http.market.manifest, name: "echo", artifact };
    const publication = { creator: creator.address, versionId: hashJson(manifest) };
    const signature = await signTyped(creator, http.market.terms.domain, "Publication", publication);
    await http.objects.put(source);
    const body = { manifest, publication, signature };
    expect(await http.call("POST", "agents", { token: await http.signIn(creator), body })).toMatchObject({
      status: 201,
    });
    return hash;
  }

  test("is kept once it is whole, and is nobody else's to go on with", async () => {
    const bytes = randomBytes(100_000);
    const hash = hashBytes(bytes);
    expect(await state(hash)).toEqual({ offset: 0, complete: "?0" });
    expect(await send(hash, 0, bytes.subarray(0, 60_000))).toMatchObject({ status: 204 });
    expect(await state(hash)).toEqual({ offset: 60_000, complete: "?0" });
    expect(await state(hash, await http.signIn(randomKey()))).toEqual({ offset: 0, complete: "?0" });
    expect(await send(hash, 50_000, bytes.subarray(50_000))).toMatchObject({
      status: 409,
      body: { code: "upload_conflict", details: { offset: 60_000 } },
    });
    expect(await http.objects.has(hash)).toBe(false);
    expect(await send(hash, 60_000, bytes.subarray(60_000), "?1")).toMatchObject({
      status: 201,
      body: { hash, bytes: bytes.length },
    });
    expect(Buffer.from(await http.objects.get(hash)).equals(bytes)).toBe(true);
    expect(await state(hash)).toEqual({ offset: 0, complete: "?1" });
  });

  test("keeps what arrived of a piece that broke off", async () => {
    const bytes = randomBytes(200_000);
    const hash = hashBytes(bytes);
    const { hostname, port, host } = new URL(http.url);
    const socket = connect(Number(port), hostname);
    const head = [
      `PATCH /api/v1/artifacts/${hash}/upload HTTP/1.1`,
      `host: ${host}`,
      `authorization: Bearer ${token}`,
      `content-type: ${type}`,
      "upload-offset: 0",
      "upload-complete: ?1",
      `content-length: ${bytes.length}`,
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    socket.write(bytes.subarray(0, 150_000));
    await vi.waitFor(async () => expect((await state(hash)).offset).toBe(150_000), 20_000);
    socket.destroy();
    const finish = () => send(hash, 150_000, bytes.subarray(150_000), "?1");
    // Until the server has seen that the connection is gone, another piece would mix with it.
    await vi.waitFor(async () => expect((await finish()).status).toBe(201), { timeout: 20_000, interval: 50 });
    expect(Buffer.from(await http.objects.get(hash)).equals(bytes)).toBe(true);
  });

  test("that is not what it was announced as is dropped whole, and so is one its sender gives up", async () => {
    const bytes = randomBytes(1_000);
    const hash = hashBytes(Buffer.from("something else"));
    await send(hash, 0, bytes.subarray(0, 500));
    expect(await send(hash, 500, bytes.subarray(500), "?1")).toMatchObject({
      status: 422,
      body: { code: "wrong_hash" },
    });
    expect(await state(hash)).toEqual({ offset: 0, complete: "?0" });
    await send(hash, 0, bytes);
    expect(await http.call("DELETE", `artifacts/${hash}/upload`, { token })).toMatchObject({ status: 204 });
    expect(await state(hash)).toEqual({ offset: 0, complete: "?0" });
  });

  test("is refused without a sender, without its place, and where it is no artifact's", async () => {
    const hash = hashBytes(Buffer.from("any"));
    const headers = { "upload-offset": "0", "upload-complete": "?0" };
    const raw = Buffer.from("any");
    const patch = (path: string, options: Parameters<HttpFixture["call"]>[2]) => http.call("PATCH", path, options);
    expect(await patch(`artifacts/${hash}/upload`, { raw, type, headers })).toMatchObject({ status: 401 });
    expect(await patch(`artifacts/${hash}/upload`, { token, raw, type })).toMatchObject({ status: 400 });
    expect(await patch("artifacts/0x1/upload", { token, raw, type, headers })).toMatchObject({ status: 400 });
    const json = await patch(`artifacts/${hash}/upload`, { token, body: {}, headers });
    expect(json).toMatchObject({ status: 400, body: { detail: expect.stringContaining(type) } });
  });

  test("is given out whole or in part, as long as it is the same", async () => {
    const bytes = Buffer.from("export const run = (input) => input;\n");
    const hash = await publish(bytes);
    const get = (headers: Record<string, string>) => http.call("GET", `artifacts/${hash}`, { headers });
    const part = await get({ range: "bytes=7-11" });
    expect(part).toMatchObject({ status: 206, body: bytes.subarray(7, 12) });
    expect(part.headers.get("content-range")).toBe(`bytes 7-11/${bytes.length}`);
    expect((await get({ range: "bytes=-5" })).body).toEqual(bytes.subarray(-5));
    expect((await get({ range: "bytes=7-11", "if-range": `"${hash}"` })).status).toBe(206);
    expect((await get({ range: "bytes=7-11", "if-range": '"another"' })).status).toBe(200);
    expect((await get({ range: "bytes=900-" })).headers.get("content-range")).toBe(`bytes */${bytes.length}`);
    expect((await get({ range: "lines=1-2" })).status).toBe(200);
    expect((await get({ "if-none-match": `"${hash}"` })).status).toBe(304);
  });
});

describe("unfinished uploads", () => {
  const bytes = randomBytes(300);
  const hash = hashBytes(bytes);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stoa-uploads-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const open = (maxBytes: number = limits.imageBytes) =>
    openUploads({ folder: join(folder, "uploads"), objects: openFolderStore(join(folder, "objects")), maxBytes });
  const piece = (from: number, to: number) => Readable.from([bytes.subarray(from, to)]);

  test("are gone on with by a server that starts anew, and end where an artifact must", async () => {
    expect(await open().append("a", hash, 0, piece(0, 100))).toBe(100);
    const uploads = open();
    expect(await uploads.offset("a", hash)).toBe(100);
    await expect(open(250).append("a", hash, 100, piece(100, 300))).rejects.toMatchObject({ code: "too_large" });
    const offset = await uploads.offset("a", hash);
    await uploads.append("a", hash, offset, piece(offset, 300));
    expect(await uploads.finish("a", hash)).toBe(300);
    expect(await uploads.offset("a", hash)).toBe(0);
  });

  test("take one piece at a time", async () => {
    const uploads = open();
    const slow = new PassThrough();
    const first = uploads.append("b", hash, 0, slow);
    await expect(uploads.append("b", hash, 0, piece(0, 100))).rejects.toMatchObject({ code: "upload_conflict" });
    slow.end(bytes.subarray(0, 10));
    expect(await first).toBe(10);
  });

  test("are four of an account at most and bounded in all, and go after a day", async () => {
    const uploads = open();
    const names = Array.from({ length: 6 }, (_, at) => hashBytes(Buffer.from([at])));
    for (const name of names) await uploads.append("c", name, 0, piece(0, 10));
    const kept = await Promise.all(names.map((name) => uploads.offset("c", name)));
    expect(kept.filter((offset) => offset > 0)).toHaveLength(4);
    expect(kept.at(-1)).toBe(10);
    const large = join(folder, "uploads", "another-account");
    await writeFile(large, "x");
    // A file with a hole: as long as all uploads may be, and no larger on the disk.
    await truncate(large, 2 * 2 ** 30);
    await uploads.append("e", hash, 0, piece(0, 10));
    expect(await readdir(join(folder, "uploads"))).not.toContain("another-account");
    const stale = join(folder, "uploads", "left-behind");
    await writeFile(stale, "x");
    vi.useFakeTimers({ now: Date.now() + 25 * 3_600_000, toFake: ["Date"] });
    try {
      await uploads.append("d", hash, 0, piece(0, 10));
    } finally {
      vi.useRealTimers();
    }
    expect(await readdir(join(folder, "uploads"))).toHaveLength(1);
  });
});
