import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pino } from "pino";
import { expect, it } from "vitest";
import { startNode } from "../src/index.ts";
import { assign, makeAgent, makeTask, nodeFolder, openRound, startMarket, until } from "./market.ts";

const KEY = "sk-of-the-operator";

/** Asks a model until its budget is used up, and gives its last answer; fails after the first when told to. */
const asks = `export async function run({ question }, ctx) {
  let text;
  if (question === "fail") {
    await ctx.call("llm.chat", { model: "small", messages: [{ role: "user", content: question }], maxTokens: 40 });
    throw new Error("on purpose");
  }
  try {
    for (;;) ({ text } = await ctx.call("llm.chat", { model: "small", messages: [{ role: "user", content: question }], maxTokens: 40 }));
  } catch (error) {
    return { text, why: error.message };
  }
}`;
const grants = (model: string) => ({ grants: { llm: { models: [model], tokens: 300 } } });
const asker = makeAgent("asker", "text.ask", asks, grants("small"));
const dreamer = makeAgent("dreamer", "text.dream", asks, grants("huge"));

/** A provider that speaks OpenAI's protocol and remembers the keys it was shown. */
async function startProvider() {
  const keys = new Set<string | undefined>();
  const message = { role: "assistant", content: "Forty-two." };
  const usage = { prompt_tokens: 60, completion_tokens: 40, total_tokens: 100 };
  const answer = { id: "c", created: 1, model: "m", choices: [{ index: 0, message, finish_reason: "stop" }], usage };
  const server = createServer((request, response) => {
    keys.add(request.headers.authorization);
    request.resume().once("end", () => {
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    keys,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("a node lends its models to agents whose models it has, asks for what they may cost, and tells what they did", async () => {
  await using provider = await startProvider();
  await using market = await startMarket([asker, dreamer]);
  await using folder = await nodeFolder(market, { STOA_NODE_COST: "base=0.002,kib=0,second=0" });
  const llmFile = join(folder.config.dataFolder, "models.json");
  const price = { input: "1", output: "3" };
  const small = { provider: "openai", model: "m", baseUrl: provider.baseUrl, keyFile: "openai.key", price };
  await writeFile(llmFile, JSON.stringify({ small }));
  await writeFile(join(folder.config.dataFolder, "openai.key"), `${KEY}\n`);
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  await using node = await startNode({ ...folder.config, llmFile }, log);
  await until("the node is online", () => market.hub.online().get(node.nodeId)?.connected);

  const task = await makeTask("text.ask", { question: "What is the secret question?" });
  const dream = await makeTask("text.dream", { question: "a" });
  const round = await openRound(market, [folder.node], [task, dream]);
  const { answers } = await market.next("sheet");
  // An input may have four times the tokens it is taken for: 300 at 4 a million are 1,200 units of six decimals.
  expect(answers.map(({ agentVersion, ask }) => [agentVersion, ask])[0]).toEqual([asker.versionId, "3200"]);
  expect(answers[1]?.reason).not.toBe(0);

  market.hub.send(folder.node, await assign(folder, round, task, answers[0]!));
  const { output, stats } = await market.next("delivered");
  expect(output).toEqual({ text: "Forty-two.", why: "the budget of 300 tokens is used up" });
  expect(stats.models).toEqual([{ name: "small", calls: 3, inputTokens: 180, outputTokens: 120, cost: "540" }]);
  expect(stats.calls).toMatchObject([{ method: "llm.chat", count: 4, refused: 1 }]);
  expect(provider.keys).toEqual(new Set([`Bearer ${KEY}`]));

  const failing = await makeTask("text.ask", { question: "fail" });
  const second = await openRound(market, [folder.node], [failing]);
  const bid = await market.next("sheet", (sheet) => sheet.answers[0]?.orderHash === failing.orderHash);
  market.hub.send(folder.node, await assign(folder, second, failing, bid.answers[0]!));
  const failed = await market.next("agent.failed");
  expect(failed).toMatchObject({ reason: "crashed", stats: { models: [{ name: "small", calls: 1, cost: "180" }] } });

  const written = lines.join("") + (await readFile(join(folder.config.dataFolder, "journal.jsonl"), "utf8"));
  const calls = lines.filter((line) => line.includes('"an agent called"'));
  expect(calls).toHaveLength(5);
  expect(calls.join("")).not.toMatch(/secret question|Forty-two/);
  expect(written).not.toContain(KEY);
});

it("a node whose file of models is not whole does not start, and says why", async () => {
  await using market = await startMarket([asker]);
  await using folder = await nodeFolder(market);
  const llmFile = join(folder.config.dataFolder, "models.json");
  await writeFile(llmFile, JSON.stringify({ small: { provider: "openai", model: "m", key: KEY } }));
  const starting = startNode({ ...folder.config, llmFile });
  await expect(starting).rejects.toMatchObject({ code: "invalid_configuration" });
  await expect(starting).rejects.not.toMatchObject({ message: expect.stringContaining(KEY) });
});
