export { openAgent } from "./open-agent.ts";
export type { OpenAgentOptions, OpenedAgent } from "./start-agent.ts";
