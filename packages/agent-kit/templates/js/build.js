import { buildAgent, bundleJs } from "@stoa/agent-kit/build";

await buildAgent(import.meta.dirname, () => bundleJs("src/main.js"));
