import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { StoaError } from "@stoa/protocol";
import fc from "fast-check";
import { packTar, type TarEntry, type TarHeader, unpackTar } from "modern-tar";
import { expect, test } from "vitest";
import { admitImage } from "./admit-image.ts";

type Entry = Partial<TarHeader> & { name: string; body?: string };
type Change = { config?: object; image?: object; diffIds?: string[] };

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const pack = (entries: Entry[]) =>
  packTar(
    entries.map(({ body = "", ...header }): TarEntry => ({
      header: { size: Buffer.byteLength(body), mtime: new Date(1_000), ...header },
      body: Buffer.from(body),
    })),
  );
const packFiles = (files: Record<string, Uint8Array>) =>
  packTar(Object.entries(files).map(([name, body]) => ({ header: { name, size: body.length }, body })));

async function configOf(layers: Entry[][], change: Change): Promise<{ layers: Uint8Array[]; config: Buffer }> {
  const packed = await Promise.all(layers.map(pack));
  const config = json({
    architecture: "amd64",
    os: "linux",
    config: { Cmd: ["/agent"], Env: ["A=b"], User: "root", Volumes: { "/etc": {} }, ...change.config },
    rootfs: { type: "layers", diff_ids: change.diffIds ?? packed.map((layer) => `sha256:${sha256(layer)}`) },
    ...change.image,
  });
  return { layers: packed, config };
}

/** What `docker save` writes. */
async function dockerArchive(layers: Entry[][], change: Change = {}): Promise<Uint8Array> {
  const { layers: packed, config } = await configOf(layers, change);
  const names = packed.map((layer) => `${sha256(layer)}/layer.tar`);
  return await packFiles({
    [`${sha256(config)}.json`]: config,
    ...Object.fromEntries(names.map((name, index) => [name, packed[index]!])),
    "manifest.json": json([{ Config: `${sha256(config)}.json`, RepoTags: ["evil:latest"], Layers: names }]),
  });
}

async function layout(
  layers: Entry[][],
  compress: (bytes: Uint8Array) => Uint8Array,
  damage: (blobs: Record<string, Uint8Array>) => void = () => undefined,
): Promise<Uint8Array> {
  const { layers: packed, config } = await configOf(layers, {});
  const blobs: Record<string, Uint8Array> = {};
  const put = (bytes: Uint8Array) => {
    blobs[`blobs/sha256/${sha256(bytes)}`] = bytes;
    return { digest: `sha256:${sha256(bytes)}`, size: bytes.length };
  };
  const image = put(json({ schemaVersion: 2, config: put(config), layers: packed.map((one) => put(compress(one))) }));
  const statement = { ...put(json({})), annotations: { "vnd.docker.reference.type": "attestation-manifest" } };
  const index = put(json({ schemaVersion: 2, manifests: [image, statement] }));
  damage(blobs);
  return await packFiles({ "oci-layout": json({}), "index.json": json({ manifests: [index] }), ...blobs });
}

/** The entries of every layer as the engine will read them. */
async function writtenLayers(bytes: Uint8Array): Promise<string[][]> {
  const image = await admitImage(bytes);
  const members = await unpackTar(image.archive("stoa:test"), { strict: true });
  const layers = members.filter(({ header }) => header.name.startsWith("layer-"));
  expect(layers.map(({ data }) => `sha256:${sha256(data!)}`)).toEqual(image.diffIds);
  const read = layers.map(({ data }) => unpackTar(data!, { strict: true }));
  return (await Promise.all(read)).map((entries) =>
    entries.map(
      ({ header, data }) =>
        `${header.name} ${header.mode!.toString(8)} ${header.linkname || String(Buffer.from(data ?? []))}`,
    ),
  );
}

const good: Entry[][] = [
  [
    { name: "./", type: "directory" },
    { name: "./bin/", type: "directory", mode: 0o2755 },
    { name: "./bin/busybox", mode: 0o4755, body: "#!" },
    { name: "./bin/sh", type: "symlink", linkname: "/bin/busybox" },
    { name: "./bin/cat", type: "link", linkname: "./bin/busybox" },
    { name: "./lib", type: "symlink", linkname: "usr/../bin" },
    { name: `./${"long/".repeat(40)}name`, body: "deep" },
  ],
  [
    { name: "bin/.wh.sh" },
    { name: "long/.wh..wh..opq" },
    { name: "agent", mode: 0o755, body: "agent" },
    { name: "long", type: "directory" },
  ],
];
const goodWritten = [
  [
    "bin/ 755 ",
    "bin/busybox 755 #!",
    "bin/sh 644 /bin/busybox",
    "bin/cat 644 bin/busybox",
    "lib 644 usr/../bin",
    `${"long/".repeat(40)}name 644 deep`,
  ],
  ["bin/.wh.sh 644 ", "long/.wh..wh..opq 644 ", "agent 755 agent", "long/ 755 "],
];

test("an image is written anew with what is inside of it, and nothing of its own wishes but the command", async () => {
  const image = await admitImage(await dockerArchive(good));
  expect(image).toMatchObject({ architecture: "amd64", command: ["/agent"], env: ["A=b"], workingDir: "/" });
  expect(await writtenLayers(await dockerArchive(good))).toEqual(goodWritten);
  const members = await unpackTar(image.archive("stoa:test"));
  const read = (name: string) => {
    const { data } = members.find(({ header }) => header.name === name)!;
    return JSON.parse(Buffer.from(data!).toString()) as unknown;
  };
  expect(read("manifest.json")).toMatchObject([{ RepoTags: ["stoa:test"] }]);
  expect(read("config.json")).toMatchObject({ config: { Env: ["A=b"], Cmd: ["/agent"], WorkingDir: "/" } });
  expect(JSON.stringify(read("config.json"))).not.toContain("Volumes");
});

test.each([
  ["an archive compressed as a whole", async () => gzipSync(await dockerArchive(good))],
  ["a layout", () => layout(good, (bytes) => bytes)],
  ["a layout with gzip layers", () => layout(good, gzipSync)],
  ["a layout with zstd layers", () => layout(good, zstdCompressSync)],
])("%s gives the same layers as a plain docker-archive", async (_, make) => {
  expect(await writtenLayers(await make())).toEqual(goodWritten);
});

test("a layer that an older engine wrote as a link to another is followed", async () => {
  const layer = await pack([{ name: "agent", body: "x" }]);
  const diffId = `sha256:${sha256(layer)}`;
  const config = json({
    architecture: "amd64",
    os: "linux",
    config: { Cmd: ["/agent"] },
    rootfs: { diff_ids: [diffId, diffId] },
  });
  const archive = await pack([
    { name: "config.json", body: config.toString() },
    { name: "a/layer.tar", body: Buffer.from(layer).toString("latin1") },
    { name: "b/layer.tar", type: "symlink", linkname: "../a/layer.tar" },
    {
      name: "manifest.json",
      body: JSON.stringify([{ Config: "config.json", Layers: ["a/layer.tar", "b/layer.tar"] }]),
    },
  ]);
  expect(await writtenLayers(archive)).toEqual([["agent 644 x"], ["agent 644 x"]]);
});

const one = (entry: Entry): Entry[][] => [[entry]];
test.each<[string, Entry[][], RegExp]>([
  ["climbs out by its path", one({ name: "../etc/passwd", body: "x" }), /leads upwards/],
  ["climbs out in the middle", one({ name: "a/../../b", body: "x" }), /leads upwards/],
  ["has an absolute path", one({ name: "/etc/passwd", body: "x" }), /absolute/],
  ["links out of itself", one({ name: "a/b", type: "symlink", linkname: "../../etc" }), /leads out/],
  ["links out by an absolute way", one({ name: "a", type: "symlink", linkname: "/x/../../etc" }), /leads out/],
  ["links nowhere", one({ name: "a", type: "symlink" }), /no fit target/],
  ["joins a file outside", one({ name: "a", type: "link", linkname: "../../etc/shadow" }), /leads upwards/],
  ["joins a file by an absolute path", one({ name: "a", type: "link", linkname: "/etc/shadow" }), /absolute/],
  ["joins what is not there", one({ name: "a", type: "link", linkname: "b" }), /no file before it/],
  [
    "joins a folder",
    [
      [
        { name: "b", type: "directory" },
        { name: "a", type: "link", linkname: "b" },
      ],
    ],
    /no file before/,
  ],
  ["joins a file of a lower layer", [[{ name: "b" }], [{ name: "a", type: "link", linkname: "b" }]], /no file before/],
  [
    "writes through a link",
    [[{ name: "a", type: "symlink", linkname: "/etc" }, { name: "a/x" }]],
    /which is a symlink/,
  ],
  [
    "writes through a link below",
    [[{ name: "a", type: "symlink", linkname: "b" }], [{ name: "a/x" }]],
    /which is a symlink/,
  ],
  ["puts a file under a file", [[{ name: "a" }, { name: "a/b" }]], /which is a file/],
  ["has a file twice", [[{ name: "a" }, { name: "./a" }]], /twice/],
  ["turns a file into a link", [[{ name: "a" }, { name: "a", type: "symlink", linkname: "b" }]], /twice/],
  ["has a device", one({ name: "dev/sda", type: "block-device" }), /block-device/],
  ["has a character device", one({ name: "a", type: "character-device" }), /character-device/],
  ["has a pipe", one({ name: "a", type: "fifo" }), /fifo/],
  ["has a sparse file", one({ name: "a", pax: { "GNU.sparse.major": "1" } }), /sparse/],
  ["belongs to a strange user", one({ name: "a", uid: 4_000_000 }), /user 4000000/],
  ["hides in the lowest layer", one({ name: ".wh.a" }), /lowest layer/],
  ["hides with content", [[{ name: "a" }], [{ name: ".wh.a", body: "x" }]], /not an empty file/],
  ["hides with a link", [[{ name: "a" }], [{ name: ".wh.a", type: "symlink", linkname: "b" }]], /not an empty file/],
  ["hides nothing", [[], [{ name: ".wh." }]], /can be named/],
  ["hides the folder above", [[], [{ name: "a/.wh..." }]], /can be named/],
  ["has another's marks", [[], [{ name: ".wh..wh.plnk" }]], /can be named/],
  ["hides its own file", [[], [{ name: "a" }, { name: ".wh.a" }]], /own layer/],
  ["brings back what it hides", [[{ name: "a" }], [{ name: ".wh.a" }, { name: "a" }]], /twice/],
  ["writes under what it hides", [[{ name: "a/b" }], [{ name: ".wh.a" }, { name: "a/c" }]], /own layer hides/],
  ["is nested without end", one({ name: "a/".repeat(70) + "b" }), /too deep/],
  ["has a path without end", one({ name: "a".repeat(5_000) }), /characters long/],
  ["has no layer", [], /0 layers/],
  ["has too many layers", Array.from({ length: 65 }, () => []), /65 layers/],
])("an image that %s is refused", async (_, layers, message) => {
  await expect(admitImage(await dockerArchive(layers))).rejects.toThrow(message);
});

test.each<[string, Change, RegExp]>([
  ["is for another system", { image: { os: "windows" } }, /windows/],
  ["says not for which processor", { image: { architecture: "" } }, /architecture/],
  ["runs nothing", { config: { Cmd: null } }, /neither/],
  ["has a command that is no list", { config: { Entrypoint: "rm -rf" } }, /Entrypoint/],
  ["has a variable without a name", { config: { Env: ["=x"] } }, /NAME=value/],
  ["works outside", { config: { WorkingDir: "/a/../.." } }, /WorkingDir/],
  ["has a layer of another digest", { diffIds: [`sha256:${"0".repeat(64)}`] }, /hashes to/],
  ["names fewer layers than it has", { diffIds: [] }, /names 0 layers/],
])("an image whose configuration %s is refused", async (_, change, message) => {
  await expect(admitImage(await dockerArchive([[{ name: "agent" }]], change))).rejects.toThrow(message);
});

test("what does not hash to its name in a layout is refused", async () => {
  for (const index of [0, 1, 2]) {
    const damaged = layout([[{ name: "agent" }]], gzipSync, (blobs) => {
      const name = Object.keys(blobs)[index]!;
      blobs[name] = Buffer.concat([blobs[name]!, Buffer.from(" ")]);
    });
    await expect(admitImage(await damaged)).rejects.toThrow("hashes to");
  }
});

test.each<[string, () => Promise<Uint8Array>, RegExp]>([
  ["no archive", async () => Buffer.from("hello"), /not a tar archive/],
  ["empty", async () => new Uint8Array(), /not a tar archive/],
  ["a cut archive", async () => (await dockerArchive(good)).subarray(0, 3_000), /truncated/],
  ["a cut compression", async () => gzipSync(await dockerArchive(good)).subarray(0, 300), /compression is damaged/],
  ["an archive of something else", () => packFiles({ "a.txt": json({}) }), /neither a docker-archive/],
  ["several images", () => packFiles({ "manifest.json": json([{}, {}]) }), /2 images/],
  ["one that climbs out of its archive", () => pack([{ name: "../manifest.json", body: "[]" }]), /outside of it/],
  [
    "one whose layer is outside",
    () => packFiles({ "manifest.json": json([{ Config: "/etc/passwd", Layers: [] }]) }),
    /lacks "\/etc\/passwd"/,
  ],
  [
    "a pack of zeros",
    async () => gzipSync(await pack([{ name: "a", body: "\0".repeat(70 << 20) }])),
    /unpacks to more/,
  ],
  [
    "one of attributes",
    async () => layout([[{ name: "a", pax: { x: "y".repeat(20 << 20) } }]], gzipSync),
    /metadata entry exceeds/,
  ],
  [
    "one with a layer of zeros",
    () => layout([[{ name: "a", body: "\0".repeat(257 << 20) }]], gzipSync),
    /unpacks to more/,
  ],
])("%s is refused as an image", async (_, make, message) => {
  await expect(admitImage(await make())).rejects.toThrow(message);
});

test("an archive with any bytes turned is admitted or refused, and nothing else happens", async () => {
  const archive = await dockerArchive(good);
  const turns = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(turns, async (turned) => {
      const bytes = Uint8Array.from(archive);
      for (const [at, byte] of turned) bytes[at] = byte;
      await admitImage(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(StoaError));
    }),
    { numRuns: 200 },
  );
});
