export { nodeVariables, readEnv, toConfig } from "./config.ts";
export type { CostText, NodeConfig, NodeEnv, NodeVariable } from "./config.ts";
export { readLink, writeLink } from "./link-file.ts";
export { linkNode } from "./link-node.ts";
export type { SignedLink } from "./link-node.ts";
export { nodeKey } from "./node-key.ts";
export { startNode } from "./start-node.ts";
export type { RunningNode } from "./start-node.ts";
export type { NodeStatus } from "./status-file.ts";
