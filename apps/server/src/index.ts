export { readEnv, serverVariables, toConfig } from "./config.ts";
export type { ServerConfig, ServerEnv, ServerVariable } from "./config.ts";
export { startServer } from "./start-server.ts";
export type { Server } from "./start-server.ts";
