import { buildAgent, compileRust } from "@stoa/agent-kit/build";

await buildAgent(import.meta.dirname, () => compileRust("src/lib.rs"));
