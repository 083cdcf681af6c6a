import { isRemote, type Manifest, StoaError } from "@stoa/protocol";
import { abiOf } from "./abi-of.ts";
import { admitArtifact } from "./admit-artifact.ts";
import { admitRemote } from "./admit-remote.ts";
import { admitWasm } from "./admit-wasm.ts";
import { WASM_PAGE_BYTES } from "./wasm-abi.ts";

/** What an agent asks of whoever runs it. */
export interface AdmissionReport {
  artifact: Manifest["artifact"];
  limits: Manifest["limits"];
  /** Everything outside of its sandbox that it wants to reach. */
  grants: {
    keyValue: boolean;
    http: readonly string[];
    subtasks: readonly string[];
    llm: Manifest["grants"]["llm"] | null;
  };
  /** Of a WebAssembly module: what it imports, and the memory it starts with. */
  module: { imports: readonly string[]; memoryBytes: number } | null;
}

/**
 * Admits an artifact, or an endpoint, as a node does and tells what the agent asks for.
 * @param artifact absent for an agent behind an endpoint
 * @throws {StoaError} `wrong_hash` or `invalid_artifact` when it may not be run
 */
export function admissionReport(manifest: Manifest, artifact?: Uint8Array): AdmissionReport {
  const { keyValue = false, http = [], subtasks = [], llm = null } = manifest.grants;
  const grants = { keyValue, http, subtasks, llm };
  const report = { artifact: manifest.artifact, limits: manifest.limits, grants, module: null };
  if (isRemote(manifest)) {
    admitRemote(manifest);
    return report;
  }
  if (!artifact) throw new StoaError("invalid_artifact", `${manifest.name} has no artifact`);
  admitArtifact(manifest, artifact);
  const abi = abiOf(manifest.artifact.kind);
  if (!abi) return report;
  const { imports, memoryPages } = admitWasm(artifact, manifest.limits, abi);
  return { ...report, module: { imports, memoryBytes: memoryPages.initial * WASM_PAGE_BYTES } };
}
