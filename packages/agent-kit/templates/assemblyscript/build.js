import { buildAgent, compileAssemblyScript } from "@stoa/agent-kit/build";

await buildAgent(import.meta.dirname, () => compileAssemblyScript("assembly/main.ts"));
