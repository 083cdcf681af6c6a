import type { Hash, Manifest } from "@stoa/protocol";
import { admitArtifact } from "./admit-artifact.ts";
import { admitWasm } from "./admit-wasm.ts";
import { WASM_PAGE_BYTES } from "./wasm-abi.ts";

/** What an agent asks of whoever runs it. */
export interface AdmissionReport {
  artifact: { kind: Manifest["artifact"]["kind"]; bytes: number; hash: Hash };
  limits: Manifest["limits"];
  /** Everything outside of its sandbox that it wants to reach. */
  grants: { keyValue: boolean; http: readonly string[]; subtasks: readonly string[] };
  /** Of a WebAssembly module: what it imports, and the memory it starts with. */
  module: { imports: readonly string[]; memoryBytes: number } | null;
}

/**
 * Admits an artifact as a node does and tells what the agent asks for.
 * @throws {StoaError} `wrong_hash` or `invalid_artifact` when it may not be run
 */
export function admissionReport(manifest: Manifest, artifact: Uint8Array): AdmissionReport {
  admitArtifact(manifest, artifact);
  const { kind, bytes, hash } = manifest.artifact;
  const { keyValue = false, http = [], subtasks = [] } = manifest.grants;
  const report = { artifact: { kind, bytes, hash }, limits: manifest.limits, grants: { keyValue, http, subtasks } };
  if (kind !== "wasm") return { ...report, module: null };
  const { imports, memoryPages } = admitWasm(artifact, manifest.limits);
  return { ...report, module: { imports, memoryBytes: memoryPages.initial * WASM_PAGE_BYTES } };
}
