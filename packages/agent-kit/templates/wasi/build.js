import { buildAgent, compileC } from "@stoa/agent-kit/build";

await buildAgent(import.meta.dirname, () => compileC("src/agent.c", { library: true }));
