import { buildAgent, buildImage } from "@stoa/agent-kit/build";

await buildAgent(import.meta.dirname, () => buildImage("src", { language: "python" }));
