// A node that has an agent at work, for a test to kill. Arguments: containment options, search path, what the agent does.
import { createBroker, createRunner, detectContainment } from "@stoa/sandbox";
import { misbehavingAgent } from "./misbehaving-agent.ts";

const [, , options, searchPath = "", deed = "loop"] = process.argv;
const agent = await misbehavingAgent("js", {
  limits: { memoryMb: 16, timeMs: 120_000, outputBytes: 20_000, logBytes: 4_000 },
});
const containment = await detectContainment({ searchPath, ...(JSON.parse(options!) as object) });
const runner = await createRunner({
  ...agent,
  containment,
  broker: createBroker({ versionId: "0x" as never, grants: {} }),
});
await runner.warm();
if (deed === "loop") void runner.run({ executionId: "1", input: { do: "loop" } });
else await runner.run({ executionId: "1", input: { do: deed, n: 1 } });
console.log("at work");
