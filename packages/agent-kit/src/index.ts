export type { AgentContext, AgentRun } from "./agent-context.ts";
export { completeManifest } from "./complete-manifest.ts";
export { readManifest } from "./read-manifest.ts";
