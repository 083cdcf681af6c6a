import { createRemoteRunner } from "@stoa/sandbox";
import { type EndpointProcess, type EndpointScript, startEndpoint } from "@stoa/testkit/endpoints";
import { afterAll } from "vitest";
import { describeExecutions } from "./compliance.ts";
import { endpointAgent } from "./endpoint-agent.ts";

const started: EndpointProcess[] = [];
afterAll(async () => {
  for (const endpoint of started) await endpoint.kill();
});

async function start(script: EndpointScript, args: string[] = []): Promise<string> {
  const endpoint = await startEndpoint(script, 0, args);
  started.push(endpoint);
  return endpoint.origin;
}

const runner = (artifact: Parameters<typeof endpointAgent>[0]) =>
  createRemoteRunner({ manifest: endpointAgent(artifact), allowLoopback: true });

describeExecutions("A2A", async () => runner({ protocol: "a2a", url: await start("serve-a2a") }));
describeExecutions("MCP", async () =>
  runner({ protocol: "mcp", tool: "misbehave", url: `${await start("serve-mcp")}/mcp` }),
);
describeExecutions("HTTP", async () => runner({ protocol: "http", url: `${await start("serve-http")}/run` }));
