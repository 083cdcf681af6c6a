import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until, wallets } from "@stoa/local";
import { expect, it } from "vitest";
import { bootMarket, NODES, PATIENCE_MS, publishTestAgent } from "./boot-market.ts";
import { patientClient } from "./requester.ts";
import { runStoa } from "./run-stoa.ts";

/** Passes a question on to a language model. */
const oracle = {
  name: "oracle",
  capabilities: ["test.oracle"],
  grants: { llm: { models: ["small"], tokens: 2_000 } },
  source: `export async function run({ question }, ctx) {
    const { text } = await ctx.call("llm.chat", { model: "small", messages: [{ role: "user", content: question }] });
    return { text };
  }`,
};

it(
  "an agent asks a model of whichever node won its task, and the requester sees what that cost",
  async () => {
    const message = { role: "assistant", content: "Forty-two." };
    const usage = { prompt_tokens: 1_000, completion_tokens: 234, total_tokens: 1_234 };
    const answer = { id: "c", created: 1, model: "m", choices: [{ index: 0, message, finish_reason: "stop" }], usage };
    const provider = createServer((request, response) => {
      request.resume().once("end", () => {
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
    const folder = await mkdtemp(join(tmpdir(), "stoa-models-"));
    try {
      const llmFile = join(folder, "models.json");
      const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
      const price = { input: "1", output: "2" };
      await writeFile(
        llmFile,
        JSON.stringify({ small: { provider: "openai-compatible", model: "m", baseUrl, price } }),
      );
      const nodes = NODES.map((node) => ({ ...node, env: { STOA_NODE_LLM_FILE: llmFile } }));
      await using booted = await bootMarket({ nodes });
      await publishTestAgent(booted.market, oracle);
      const client = patientClient(booted.market.url);
      const { taskId } = await client.tasks.submit({
        capability: "test.oracle",
        input: { question: "What is it?" },
        maxPrice: 50_000n,
        signer: wallets.requester,
      });
      await until("the task to be delivered", PATIENCE_MS, async () => {
        const task = await client.tasks.get(taskId);
        if (task.outcome?.kind === "unpaid") throw new Error(JSON.stringify(task.outcome));
        return task.state === "delivered";
      });
      const { output } = await client.tasks.acceptWhenGood(taskId, { signer: wallets.requester });
      expect(output).toEqual({ text: "Forty-two." });
      const shown = await runStoa(booted, ["task", "show", taskId]);
      expect(shown.stdout).toMatch(/1,234 tokens of small that cost its node 0\.001468 /);
      const agent = await runStoa(booted, ["agent", "show", "oracle"]);
      expect(agent.stdout).toContain("the models small with 2,000 tokens");
    } finally {
      provider.closeAllConnections();
      provider.close();
      await rm(folder, { recursive: true });
    }
  },
  PATIENCE_MS * 3,
);
