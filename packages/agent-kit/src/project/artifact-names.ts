/** What the file of an artifact is called, by its kind. */
export const ARTIFACT_NAMES = {
  js: "agent.js",
  wasm: "agent.wasm",
  wasi: "agent.wasm",
  container: "agent.tar",
} as const;
