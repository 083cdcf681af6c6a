import { type BundledArtifact, type ImageArtifact, hashBytes, type Manifest } from "@stoa/protocol";
import { expect, test } from "vitest";
import { admitArtifact } from "./admit-artifact.ts";

function manifestOf(kind: (BundledArtifact | ImageArtifact)["kind"], bytes: Uint8Array): Manifest {
  return {
    stoa: 1,
    name: "a",
    version: "1.0.0",
    description: "a",
    capabilities: ["a.b"],
    input: true,
    output: true,
    artifact: { kind, hash: hashBytes(bytes), bytes: bytes.length },
    limits: { memoryMb: 1, timeMs: 1, outputBytes: 1, logBytes: 1 },
    grants: {},
    royalty: "0",
    licence: "Apache-2.0",
  };
}

test("an artifact that is not the one its manifest names is refused", async () => {
  const source = Buffer.from("export function run() {}");
  const manifest = manifestOf("js", source);
  expect(await admitArtifact(manifest, source)).toBe(source);
  await expect(admitArtifact(manifest, Buffer.from("export function run() {1"))).rejects.toThrow("SHA-256");
  await expect(admitArtifact(manifest, Buffer.from("export"))).rejects.toThrow("bytes");
});

test.each([
  ["js", Buffer.from([0xff, 0xfe, 0x00]), "UTF-8"],
  ["js", Buffer.from("function run() {}"), "ES module"],
  ["wasm", Buffer.from("export function run() {}"), "WebAssembly"],
  ["container", Buffer.from("export function run() {}"), "tar archive"],
] as const)("a %s artifact that is none is refused", async (kind, bytes, message) => {
  await expect(admitArtifact(manifestOf(kind, bytes), bytes)).rejects.toThrow(message);
});
