// An agent that uses a language model in every way there is, and tells what came of it.
const user = (content) => [{ role: "user", content }];
const tools = [{ name: "weather", input: { type: "object", properties: { city: { type: "string" } } } }];

async function readStream(ctx, request) {
  const { stream } = await ctx.call("llm.stream", request);
  const pieces = [];
  for (;;) {
    const next = await ctx.call("llm.next", { stream });
    if (next.done) return pieces;
    pieces.push(next.text);
  }
}

/** Lets the model call its tool until it has an answer. */
async function answerWithTool(ctx, model) {
  const messages = user("weather?");
  for (;;) {
    const { text, toolCalls } = await ctx.call("llm.chat", { model, messages, tools, maxTokens: 50 });
    if (toolCalls.length === 0) return text;
    messages.push({ role: "assistant", content: text, toolCalls });
    for (const { id, input } of toolCalls)
      messages.push({ role: "tool", id, content: input.city === "Rome" ? "sunny" : "unknown" });
  }
}

async function spendAll(ctx, model) {
  for (let calls = 0; ; calls += 1) {
    try {
      await ctx.call("llm.chat", { model, messages: user("long"), maxTokens: 100 });
    } catch (error) {
      return { calls, why: error.message };
    }
  }
}

export async function run({ model }, ctx) {
  const { text } = await ctx.call("llm.chat", { model, messages: user("hello"), maxTokens: 50 });
  const pieces = await readStream(ctx, { model, messages: user("hello"), maxTokens: 50 });
  const answer = await answerWithTool(ctx, model);
  const { embeddings } = await ctx.call("llm.embed", { model, texts: ["ab"] });
  const unused = await ctx.call("llm.stream", { model, messages: user("hello"), maxTokens: 20 });
  const spent = await spendAll(ctx, model);
  return { text, pieces, answer, embeddings, unused, spent, globals: Object.getOwnPropertyNames(globalThis) };
}
