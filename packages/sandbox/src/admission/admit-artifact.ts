import type { Manifest } from "@stoa/protocol";
import { admitWasm } from "./admit-wasm.ts";
import { checkHash } from "./check-hash.ts";
import { abiOf } from "./abi-of.ts";
import { admitImage } from "./image/admit-image.ts";
import { meterModule } from "../fuel/meter-module.ts";
import { refuse } from "./wasm-reader.ts";

/**
 * Checks an artifact against its manifest and gives the bytes that may be run.
 * @throws {StoaError} `wrong_hash` when it is not the artifact the manifest names, `invalid_artifact` when it may not run
 */
export async function admitArtifact(manifest: Manifest, bytes: Uint8Array): Promise<Uint8Array> {
  const { artifact, limits, name } = manifest;
  if (artifact.kind === "remote") return refuse(`${name} is behind an endpoint and has no artifact`);
  checkHash(artifact, bytes);
  const abi = abiOf(artifact.kind);
  if (abi) {
    const admitted = admitWasm(bytes, limits, abi).bytes;
    return limits.fuel === undefined ? admitted : meterModule(admitted, limits.fuel);
  }
  if (artifact.kind === "container") {
    await admitImage(bytes);
    return bytes;
  }
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("the artifact is not UTF-8 text");
  }
  if (!/\bexport\b/.test(source)) refuse("the artifact is not an ES module that exports run");
  return bytes;
}
