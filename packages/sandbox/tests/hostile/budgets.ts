import { randomUUID } from "node:crypto";
import type { AgentVersionId } from "@stoa/protocol";
import { createBroker, createRunner } from "@stoa/sandbox";
import { manifestFor } from "../misbehaving-agent.ts";
import { startModelServer } from "../models/start-model-server.ts";
import type { Attack, Family } from "./attack.ts";

const TOKENS = 1_000;
const chat = (text: string, more = "") => `{ model: 'small', messages: [{ role: 'user', content: ${text} }] ${more} }`;
const goOn = (body: string) =>
  `export async function run(input, ctx) { let well = 0; for (let i = 0; i < 40; i += 1) try { ${body} well += 1; } catch {} return well; }`;

/** What the provider was asked for may not be more than was granted, whatever the agent did to have it so. */
function byModel(name: string, source: string, isTold = true): Attack {
  return {
    name,
    async launch({ containment }) {
      await using server = await startModelServer("openai");
      const artifact = Buffer.from(source);
      const grants = { llm: { models: ["small"], tokens: TOKENS } };
      const limits = { memoryMb: 16, timeMs: 60_000, outputBytes: 20_000, logBytes: 4_000 };
      const manifest = manifestFor("js", artifact, { input: true, output: true, grants, limits });
      const llm = { models: new Map([["small", server.settings]]) };
      const broker = createBroker({ versionId: `0x${randomUUID()}` as AgentVersionId, grants, llm });
      await using runner = await createRunner({ manifest, artifact, broker, containment });
      const outcome = await runner.run({ executionId: randomUUID(), input: null });
      const shown = JSON.stringify(outcome);
      if (outcome.status === "failed") throw new Error(`it failed with ${shown}`);
      if (shown.includes(server.settings.key!)) throw new Error("it showed the provider's key");
      const spent =
        outcome.stats.models?.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0) ?? 0;
      const asked = (await server.seen()).reduce(
        (sum, { body }) => sum + Number(body?.["max_tokens"] ?? body?.["max_completion_tokens"] ?? 0),
        0,
      );
      if (isTold && asked > TOKENS) throw new Error(`it had ${asked} tokens asked for, ${TOKENS} were granted`);
      if (spent > TOKENS) throw new Error(`it spent ${spent} tokens, ${TOKENS} were granted`);
      return shown;
    },
  };
}

/** Agents that would spend more of a model than they were granted. */
export const budgets: Family = {
  name: "races for a budget",
  attacks: [
    byModel(
      "streams opened side by side, each for the whole budget",
      goOn(`await ctx.call('llm.stream', ${chat("'long'", ", maxTokens: 1000")});`),
    ),
    byModel(
      "streams opened, read a little and left",
      goOn(
        `const { stream } = await ctx.call('llm.stream', ${chat("'long'", ", maxTokens: 300")}); await ctx.call('llm.next', { stream });`,
      ),
    ),
    byModel("answers as long as they may be, again and again", goOn(`await ctx.call('llm.chat', ${chat("'long'")});`)),
    byModel("questions larger than the budget", goOn(`await ctx.call('llm.chat', ${chat("'x'.repeat(100000)")});`)),
    byModel(
      "budgets below zero and beyond numbers",
      goOn(`await ctx.call('llm.chat', ${chat("'long'", ", maxTokens: [-1, 0, 1e99, 0.5, '9', null][i % 6]")});`),
    ),
    byModel(
      "answers of which the provider does not say what they cost",
      goOn(`await ctx.call('llm.chat', ${chat("'no usage'", ", maxTokens: 200")});`),
      false,
    ),
    byModel(
      "the key, in what the provider says when it is out of order",
      `export async function run(input, ctx) { try { await ctx.call('llm.chat', ${chat("'locked'")}); } catch (e) { return e.message; } return 'answered'; }`,
    ),
  ],
};
