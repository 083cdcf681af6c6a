// What the gateway adds to a call of a language model, over a plain fetch to the same provider in the same run.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type AgentVersionId, hashBytes, type Manifest } from "@stoa/protocol";
import { createBroker, createRunner } from "@stoa/sandbox";
import { printReport } from "../report.ts";

const MUST_MS = 5;
const WARM_UP = 50;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    calls: { type: "string", default: "400" },
    rounds: { type: "string", default: "5" },
  },
});
const [calls, rounds] = [Number(values.calls), Number(values.rounds)];

const provider = fork(join(import.meta.dirname, "provider.ts"));
const [port] = (await once(provider, "message")) as [number];
const baseUrl = `http://127.0.0.1:${port}/v1`;
const prompt = "word ".repeat(500);
const request = { model: "small", messages: [{ role: "user", content: prompt }], maxTokens: 200 };

const source = Buffer.from(
  "export async function run({ calls, request }, ctx) { for (let n = 0; n < calls; n += 1) await ctx.call('llm.chat', request); return null; }",
);
const manifest: Manifest = {
  stoa: 1,
  name: "chats",
  version: "1.0.0",
  description: "Chats as often as it is told.",
  capabilities: ["bench.chat"],
  input: true,
  output: true,
  artifact: { kind: "js", hash: hashBytes(source), bytes: source.length },
  limits: { memoryMb: 64, timeMs: 300_000, outputBytes: 1_000, logBytes: 1_000 },
  grants: { llm: { models: ["small"], tokens: 10_000_000 } },
  royalty: "0",
  licence: "Apache-2.0",
};

const settings = { provider: "openai", model: "served", baseUrl, key: "k", inputPrice: 1n, outputPrice: 1n } as const;
const broker = createBroker({
  versionId: "0x" as AgentVersionId,
  grants: manifest.grants,
  llm: { models: new Map([["small", settings]]) },
});
await using runner = await createRunner({ manifest, artifact: source, broker });

async function fetchPlainly(): Promise<void> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer k" },
    body: JSON.stringify({ ...request, model: "served" }),
  });
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  if (!choices[0]?.message.content) throw new Error("the provider said nothing");
}

/** Milliseconds of a call, when `count` are made one after the other. */
async function msOf(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / count;
}
const kinds = {
  fetch: async (count: number) =>
    await msOf(count, async () => {
      for (let made = 0; made < count; made += 1) await fetchPlainly();
    }),
  gateway: async (count: number) => {
    const session = broker.open({ executionId: "bench" });
    const json = JSON.stringify(request);
    return await msOf(count, async () => {
      for (let made = 0; made < count; made += 1) {
        const reply = await session.call("llm.chat", json);
        if (!reply.ok) throw new Error(reply.json);
      }
    });
  },
  agent: async (count: number) =>
    await msOf(count, async () => {
      const outcome = await runner.run({ executionId: "bench", input: { calls: count, request } });
      if (outcome.status === "failed") throw new Error(outcome.message);
    }),
};

// Rounds take turns, so that what else the machine does meets all kinds alike; the middle round counts.
const measured: Record<keyof typeof kinds, number[]> = { fetch: [], gateway: [], agent: [] };
for (const kind of ["fetch", "gateway", "agent"] as const) await kinds[kind](WARM_UP);
for (let round = 0; round < rounds; round += 1)
  for (const kind of ["fetch", "gateway", "agent"] as const) measured[kind].push(await kinds[kind](calls));
provider.disconnect();

const middle = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
const [plain, gateway, agent] = [middle(measured.fetch), middle(measured.gateway), middle(measured.agent)];

printReport({
  name: "llm",
  title: "A call of a language model, one after the other",
  columns: ["way", "calls", "ms each", "ms added"],
  rows: [
    ["fetch, straight to the provider", calls * rounds, plain, 0],
    ["the broker's llm.chat", calls * rounds, gateway, gateway - plain],
    ["a sandboxed JS agent's llm.chat", calls * rounds, agent, agent - plain],
  ],
  figures: {
    fetchMs: plain,
    gatewayMs: gateway,
    agentMs: agent,
    gatewayAddsMs: gateway - plain,
    addsMs: agent - plain,
  },
  ratios: { toMust: MUST_MS / (agent - plain), agentOverFetch: agent / plain },
  notes: [
    "The provider is a local process that answers 500 tokens of prompt with 200 at once: all that is left is the way.",
    `Median of ${rounds} rounds of ${calls} calls that take turns. Must: at most ${MUST_MS} ms added to a call.`,
  ],
});
