import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until, wallets } from "@stoa/local";
import type { Hash, Task } from "@stoa/protocol";
import { type EndpointProcess, startEndpoint } from "@stoa/testkit/endpoints";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, nodeOf, PATIENCE_MS } from "./boot-market.ts";
import { problemsAfterKill, runStoa } from "./run-stoa.ts";

const NAMES = ["attica", "boeotia"];

let booted: BootedMarket;
let endpoint: EndpointProcess;

beforeAll(async () => {
  booted = await bootMarket({ nodeEnv: { STOA_NODE_PROBE_SECONDS: "1" } });
  endpoint = await startEndpoint("serve-a2a");
});

afterAll(async () => {
  await endpoint?.kill();
  await booted?.[Symbol.asyncDispose]();
});

/** Publishes the agent behind the endpoint, with the command line its author would use. */
async function publish(): Promise<Hash> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-remote-"));
  try {
    const manifest = {
      stoa: 1,
      name: "far-shout",
      version: "1.0.0",
      description: "Shouts from its author's own machine.",
      capabilities: ["test.shout"],
      input: { type: "object", required: ["do", "text"] },
      output: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
      artifact: { kind: "remote", protocol: "a2a", url: endpoint.origin },
      limits: { memoryMb: 1, timeMs: 30_000, outputBytes: 10_000, logBytes: 10_000 },
      grants: {},
      royalty: "500",
      licence: "Apache-2.0",
    };
    await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
    const ran = await runStoa(booted, ["agent", "publish", folder, "--json"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    return (JSON.parse(ran.stdout) as { versionId: Hash }).versionId;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function untilEndpoint(state: "answers" | "silent"): Promise<unknown> {
  return until(`every node to see that the endpoint ${state}`, PATIENCE_MS, async () => {
    const seen = await Promise.all(
      NAMES.map(async (name) => {
        const status = await readFile(join(booted.dataFolder, "nodes", name, "status.json"), "utf8");
        return (JSON.parse(status) as { endpoints: { state: string }[] }).endpoints[0]?.state;
      }),
    );
    return seen.every((one) => one === state);
  });
}

async function order(text: string): Promise<Hash> {
  const input = { do: "shout", text };
  const { client } = booted.market;
  return (await client.tasks.submit({ capability: "test.shout", input, maxPrice: 50_000n, signer: wallets.requester }))
    .taskId;
}

function reach(taskId: Hash, what: string, is: (task: Task) => boolean): Promise<Task> {
  return until(`${taskId} to be ${what}`, PATIENCE_MS, async () => {
    const task = await booted.market.client.tasks.get(taskId);
    if (task.outcome?.kind === "unpaid") throw new Error(JSON.stringify(task.outcome));
    return is(task) ? task : null;
  });
}

async function payFor(taskId: Hash): Promise<{ task: Task; output: unknown }> {
  await reach(taskId, "delivered", ({ state }) => state === "delivered");
  const { output } = await booted.market.client.tasks.acceptWhenGood(taskId, { signer: wallets.requester });
  return { task: await reach(taskId, "paid", ({ settlement }) => settlement?.state === "confirmed"), output };
}

it(
  "pays for work done behind an A2A endpoint, offers none of it while that is down, and again when it is back",
  async () => {
    const versionId = await publish();
    await untilEndpoint("answers");
    const { task, output } = await payFor(await order("across the water"));
    expect(output).toEqual({ text: "ACROSS THE WATER" });
    expect(task.award?.agentVersion).toBe(versionId);
    expect(task.outcome).toMatchObject({ kind: "settled", royalty: "500" });
    const winner = task.award!.node.toLowerCase();
    expect(NAMES.map((name) => nodeOf(booted.market, name).address.toLowerCase())).toContain(winner);
    const { seen, executed } = await endpoint.seen();
    const calls = seen.filter(({ method }) => method === "POST");
    expect([calls.length, executed]).toEqual([1, 1]);
    expect(calls[0]).toMatchObject({ caller: winner, idempotencyKey: expect.stringMatching(/^"[0-9a-f-]{36}"$/) });

    await endpoint.kill();
    await untilEndpoint("silent");
    const waiting = await order("is anybody there");
    const passed = await reach(waiting, "passed on", ({ unserved }) => unserved !== undefined && unserved.length > 0);
    expect(passed.state).not.toBe("delivered");
    expect(passed.unserved).toMatchObject([{ reason: "endpoint_down", nodes: { atLeast: 2, atMost: 2 } }]);
    const status = await runStoa(booted, ["node", "status", "--data", join(booted.dataFolder, "nodes", "attica")]);
    expect(status.stdout).toMatch(
      /no bids for far-shout@1\.0\.0: http:\S+ has not answered for .*could not be reached/,
    );

    endpoint = await startEndpoint("serve-a2a", endpoint.port);
    await untilEndpoint("answers");
    expect((await payFor(waiting)).output).toEqual({ text: "IS ANYBODY THERE" });
    expect(await problemsAfterKill(booted)).toEqual([]);
  },
  4 * PATIENCE_MS,
);
