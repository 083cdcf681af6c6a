export { nodeVariables, readEnv, toConfig } from "./config.ts";
export type { NodeConfig, NodeEnv, NodeVariable } from "./config.ts";
export { startNode } from "./start-node.ts";
export type { RunningNode } from "./start-node.ts";
export type { NodeStatus } from "./status-file.ts";
