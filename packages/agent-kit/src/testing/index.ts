export { openAgent } from "./open-agent.ts";
export type { OpenAgentOptions, OpenedAgent } from "./open-agent.ts";
