export type { AgentContext, AgentRun } from "./agent-context.ts";
export { completeManifest } from "./complete-manifest.ts";
export { runTask } from "./run-task.ts";
export type { RunTaskRequest, TaskDone } from "./run-task.ts";
export { readManifest } from "./read-manifest.ts";
