export { hashedVector } from "./hashed-vector.ts";
export { startEmbedder } from "./start-embedder.ts";
export type { EmbedderProcess } from "./start-embedder.ts";
