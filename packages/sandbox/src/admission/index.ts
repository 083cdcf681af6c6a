export { admitArtifact } from "./admit-artifact.ts";
export { admitRemote } from "./admit-remote.ts";
export { admitWasm } from "./admit-wasm.ts";
export type { AdmittedWasm } from "./admit-wasm.ts";
