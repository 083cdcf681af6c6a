export { admitArtifact } from "./admit-artifact.ts";
export { admitWasm } from "./admit-wasm.ts";
export type { AdmittedWasm } from "./admit-wasm.ts";
export { admitImage } from "./image/admit-image.ts";
export type { AdmittedImage } from "./image/admit-image.ts";
