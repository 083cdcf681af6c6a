import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { agentVersionId, ExecutionStatsSchema } from "@stoa/protocol";
import { createBroker, createRunner, type ExecutionOutcome, type Models } from "@stoa/sandbox";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { manifestFor } from "./misbehaving-agent.ts";
import { startModelServer } from "./models/start-model-server.ts";

/** Runs the agent that converses, on a node with the models given. */
async function converse(llm: { models: Models } | undefined, tokens: number): Promise<ExecutionOutcome> {
  const artifact = await readFile(join(import.meta.dirname, "agents/conversing.js"));
  const limits = { memoryMb: 16, timeMs: 60_000, outputBytes: 20_000, logBytes: 4_000 };
  const grants = { llm: { models: ["small"], tokens } };
  const manifest = manifestFor("js", artifact, { input: true, output: true, limits, grants });
  const broker = createBroker({ versionId: agentVersionId(manifest), grants, ...(llm ? { llm } : {}) });
  await using runner = await createRunner({ manifest, artifact, broker });
  return await runner.run({ executionId: "test", input: { model: "small" } });
}

test("an agent chats, streams, uses a tool, embeds and stops at its budget, and all of it stands in its stats", async () => {
  await using server = await startModelServer("openai");
  const outcome = await converse({ models: new Map([["small", server.settings]]) }, 1_000);
  if (outcome.status === "failed") throw new Error(outcome.message);
  const { globals, spent, ...rest } = outcome.output as {
    globals: string[];
    spent: { calls: number; why: string };
  };
  expect(rest).toEqual({
    text: "Hello there.",
    pieces: ["Hello", " there", "."],
    answer: "It is sunny.",
    embeddings: [[2, 0.5]],
    unused: { stream: 2 },
  });
  expect(spent.calls).toBeGreaterThan(0);
  expect(spent.why).toMatch(/budget of 1000 tokens/);

  const { stats } = outcome;
  expect(Value.Errors(ExecutionStatsSchema, stats)).toEqual([]);
  const counts = stats.calls?.map(({ method, count, refused }) => [method, count, refused]);
  expect(counts).toEqual([
    ["llm.chat", 3 + spent.calls + 1, 1],
    ["llm.stream", 2, 0],
    ["llm.next", 4, 0],
    ["llm.embed", 1, 0],
  ]);
  const [model] = stats.models!;
  expect(model).toMatchObject({ name: "small", calls: 6 + spent.calls });
  const { inputTokens, outputTokens, cost } = model!;
  expect(inputTokens + outputTokens).toBeLessThanOrEqual(1_000);
  expect(cost).toBe(String(inputTokens + 3 * outputTokens));

  const inside = JSON.stringify(outcome.output);
  expect(inside).not.toContain(server.settings.key);
  expect(globals).not.toContain("process");
  const arrived = await server.seen();
  expect(new Set(arrived.map(({ key }) => key))).toEqual(new Set([`Bearer ${server.settings.key}`]));
});

test("a node without models refuses, and says so", async () => {
  const outcome = await converse(undefined, 1_000);
  expect(outcome).toMatchObject({
    status: "failed",
    reason: "crashed",
    message: expect.stringContaining("llm.chat is not granted"),
  });
  expect(outcome.stats.calls).toEqual([
    { method: "unknown", count: 1, refused: 1, bytesIn: expect.any(Number), bytesOut: expect.any(Number) },
  ]);
});
