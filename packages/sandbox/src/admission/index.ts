export { admissionReport } from "./admission-report.ts";
export type { AdmissionReport } from "./admission-report.ts";
export { admitArtifact } from "./admit-artifact.ts";
export { admitRemote } from "./admit-remote.ts";
export { admitWasm } from "./admit-wasm.ts";
export type { AdmittedWasm } from "./admit-wasm.ts";
export { admitImage } from "./image/admit-image.ts";
export type { AdmittedImage } from "./image/admit-image.ts";
