import { hashBytes, type Manifest, StoaError } from "@stoa/protocol";
import { admitWasm } from "./admit-wasm.ts";
import { abiOf } from "./abi-of.ts";
import { refuse } from "./wasm-reader.ts";

/**
 * Checks an artifact against its manifest and gives the bytes that may be run.
 * @throws {StoaError} `wrong_hash` when it is not the artifact the manifest names, `invalid_artifact` when it may not run
 */
export function admitArtifact(manifest: Manifest, bytes: Uint8Array): Uint8Array {
  if (manifest.artifact.kind === "remote") return refuse(`${manifest.name} is behind an endpoint and has no artifact`);
  const { kind, hash, bytes: length } = manifest.artifact;
  if (bytes.length !== length)
    throw new StoaError("wrong_hash", `the artifact has ${bytes.length} bytes, its manifest says ${length}`);
  const actual = hashBytes(bytes);
  if (actual !== hash)
    throw new StoaError("wrong_hash", `the artifact's SHA-256 is ${actual}, its manifest says ${hash}`);
  const abi = abiOf(kind);
  if (abi) return admitWasm(bytes, manifest.limits, abi).bytes;
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("the artifact is not UTF-8 text");
  }
  if (!/\bexport\b/.test(source)) refuse("the artifact is not an ES module that exports run");
  return bytes;
}
