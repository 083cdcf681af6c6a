export type { AgentContext, AgentRun } from "./agent-context.ts";
export type { Json } from "./json.ts";
export { runTask } from "./run-task.ts";
export type { RunTaskRequest, TaskDone } from "./run-task.ts";
