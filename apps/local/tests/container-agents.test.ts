import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until, wallets } from "@stoa/local";
import { busyboxImage, startContainerEngine } from "@stoa/testkit/container-engine";
import { afterAll, expect, it } from "vitest";
import { bootMarket, NODES, PATIENCE_MS } from "./boot-market.ts";
import { patientClient } from "./requester.ts";
import { runStoa } from "./run-stoa.ts";

const engine = await startContainerEngine();
const missing = "missing" in engine ? engine.missing : undefined;
afterAll(async () => {
  if (!("missing" in engine)) await engine[Symbol.asyncDispose]();
});

const manifest = {
  stoa: 1,
  name: "line-length",
  version: "1.0.0",
  description: "How many bytes its input has.",
  capabilities: ["test.length"],
  input: { type: "object" },
  output: { type: "object", properties: { bytes: { type: "integer" } }, required: ["bytes"] },
  artifact: { kind: "container" },
  limits: { memoryMb: 32, timeMs: 20_000, outputBytes: 1_000, logBytes: 1_000 },
  grants: {},
  royalty: "0",
  licence: "Apache-2.0",
};
const SCRIPT = `read -r input
echo "counting" >&2
printf '{"output":{"bytes":%d}}\\n' "\${#input}"
`;

it.skipIf(missing !== undefined)(
  `an agent that is a container is published as an archive, wins a task on a node with an engine, and is paid${missing === undefined ? "" : `, not tested: ${missing}`}`,
  async () => {
    const socketPath = "missing" in engine ? "" : engine.socketPath;
    const folder = await mkdtemp(join(tmpdir(), "stoa-container-agent-"));
    try {
      await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
      await writeFile(join(folder, "agent.tar"), await busyboxImage(SCRIPT));
      const [first, second] = NODES;
      // The dearer one alone can run it.
      const nodes = [first!, { ...second!, env: { STOA_NODE_DOCKER_SOCKET: socketPath } }];
      await using booted = await bootMarket({ nodes });
      await mkdir(join(folder, "inputs"));
      await writeFile(join(folder, "inputs/one.json"), '{"text":"one"}');
      const published = await runStoa(booted, ["agent", "publish", folder, "--docker", socketPath, "--json"]);
      expect(published.stderr).toBe("");
      expect(JSON.parse(published.stdout)).toMatchObject({
        created: true,
        runs: [{ name: "one", passed: true, output: { bytes: 14 } }],
        admission: { artifact: { kind: "container" } },
      });
      const client = patientClient(booted.market.url);
      await until("a node to host it", PATIENCE_MS, async () => {
        const { items } = await client.agents.list({});
        return items.some(({ name, nodes: hosts }) => name === "line-length" && hosts === 1);
      });
      const { taskId } = await client.tasks.submit({
        capability: "test.length",
        input: { text: "one" },
        maxPrice: 50_000n,
        signer: wallets.requester,
      });
      await until("the task to be delivered", PATIENCE_MS, async () => {
        const task = await client.tasks.get(taskId);
        if (task.outcome?.kind === "unpaid") throw new Error(JSON.stringify(task.outcome));
        return task.state === "delivered";
      });
      const { output } = await client.tasks.acceptWhenGood(taskId, { signer: wallets.requester });
      expect(output).toEqual({ bytes: '{"text":"one"}'.length });
      const { executions } = await client.tasks.logs(taskId);
      expect(executions[0]?.lines.map(({ text }) => text)).toEqual(["counting"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  PATIENCE_MS * 3,
);
