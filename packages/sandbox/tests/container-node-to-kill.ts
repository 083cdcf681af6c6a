// A node that has a container at work, for a test to kill. Arguments: the engine's socket, the node's id.
import { createBroker, createContainerRunner, openEngine } from "@stoa/sandbox";
import { misbehavingAgent } from "./misbehaving-agent.ts";

const [, , socketPath = "", nodeId = ""] = process.argv;
const agent = await misbehavingAgent("container", {
  limits: { memoryMb: 16, timeMs: 120_000, outputBytes: 20_000, logBytes: 4_000 },
});
const runner = await createContainerRunner({
  ...agent,
  engine: await openEngine(socketPath),
  nodeId,
  broker: createBroker({ versionId: "0x" as never, grants: {} }),
});
await runner.run({ executionId: "1", input: { do: "double", n: 1 } });
void runner.run({ executionId: "2", input: { do: "loop" } });
console.log("at work");
