import type { AgentVersionId, Json } from "@stoa/protocol";
import { type BrokerSession, createBroker, type MeteredCall, type ModelSettings } from "@stoa/sandbox";
import { describe, expect, test } from "vitest";
import { startModelServer } from "./models/start-model-server.ts";

const user = (content: string): Json => [{ role: "user", content }];
const weather = {
  name: "weather",
  description: "How the weather is.",
  input: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

/** One execution's calls to one served model. */
async function setup(
  provider: ModelSettings["provider"],
  {
    tokens = 10_000,
    callTimeMs,
    change,
  }: { tokens?: number; callTimeMs?: number; change?: Partial<ModelSettings> } = {},
) {
  const server = await startModelServer(provider, change);
  const logged: MeteredCall[] = [];
  const broker = createBroker({
    versionId: "0x" as AgentVersionId,
    grants: { llm: { models: ["small", "other"], tokens } },
    llm: { models: new Map([["small", server.settings]]), ...(callTimeMs === undefined ? {} : { callTimeMs }) },
    onCall: (call) => logged.push(call),
  });
  const session = broker.open({ executionId: "test" });
  return Object.assign(server, {
    session,
    logged,
    async call(method: string, params: Json): Promise<Record<string, Json>> {
      const { ok, json } = await session.call(method, JSON.stringify(params));
      return ok ? (JSON.parse(json) as Record<string, Json>) : { refused: json };
    },
  });
}
type Room = Awaited<ReturnType<typeof setup>>;

const chat = (room: Room, content: string, more: Record<string, Json> = {}) =>
  room.call("llm.chat", { model: "small", messages: user(content), ...more });

/** Reads a stream to its end, or to its refusal. */
async function readStream(room: Room, content: string, more: Record<string, Json> = {}) {
  const begun = await room.call("llm.stream", { model: "small", messages: user(content), ...more });
  const pieces: string[] = [];
  for (let last: Record<string, Json> = begun; ;) {
    if (last["refused"] !== undefined || last["done"] === true) return { pieces, last };
    last = await room.call("llm.next", { stream: begun["stream"]! });
    if (last["text"]) pieces.push(last["text"] as string);
  }
}

const used = (session: BrokerSession) => session.close().models?.[0];

describe.each(["openai", "anthropic", "groq", "openai-compatible"] as const)("a model of %s", (provider) => {
  test("chats with the node's key, and its tokens and their cost are counted", async () => {
    await using room = await setup(provider);
    const reply = await chat(room, "hello", { system: "Be brief.", maxTokens: 50, temperature: 0.5 });
    expect(reply).toEqual({
      text: "Hello there.",
      toolCalls: [],
      finish: "stop",
      usage: { input: 10, output: 5 },
      tokensLeft: 9_985,
    });
    const [arrived] = await room.seen();
    expect(arrived?.key).toContain(room.settings.key);
    expect(arrived?.body).toMatchObject({ model: "served", temperature: 0.5 });
    expect(JSON.stringify(arrived?.body)).toContain("Be brief.");
    expect(arrived?.body?.["max_tokens"]).toBe(50);
    expect(used(room.session)).toEqual({ name: "small", calls: 1, inputTokens: 10, outputTokens: 5, cost: "25" });
  });

  test("gives its answer piece by piece, as it comes", async () => {
    await using room = await setup(provider);
    expect(await readStream(room, "hello")).toEqual({
      pieces: ["Hello", " there", "."],
      last: {
        text: "",
        done: true,
        toolCalls: [],
        finish: "stop",
        usage: { input: 10, output: 5 },
        tokensLeft: 9_985,
      },
    });
    expect(await room.call("llm.next", { stream: 1 })).toEqual({ refused: "no stream 1 is open" });
  });

  test("asks for a tool, at once or in a stream, and goes on with what the tool gave", async () => {
    await using room = await setup(provider);
    const asked = await chat(room, "weather?", { tools: [weather] });
    const calls = [{ id: "call_1", name: "weather", input: { city: "Rome" } }];
    expect(asked).toMatchObject({ text: "", toolCalls: calls, finish: "tool-calls" });
    expect((await readStream(room, "weather?", { tools: [weather] })).last).toMatchObject({ toolCalls: calls });
    const messages = [
      { role: "user", content: "weather?" },
      { role: "assistant", toolCalls: asked["toolCalls"]! },
      { role: "tool", id: "call_1", content: "sunny" },
    ];
    const told = await room.call("llm.chat", { model: "small", messages, tools: [weather] });
    expect(told).toMatchObject({ text: "It is sunny.", finish: "stop" });
  });

  test("is asked again when it is busy or out of order, a few times", async () => {
    await using room = await setup(provider);
    expect(await chat(room, "busy:2")).toMatchObject({ text: "Hello there." });
    expect((await readStream(room, "busy:1")).pieces).toEqual(["Hello", " there", "."]);
    expect(await chat(room, "out of order")).toEqual({ refused: "small failed: the provider is out of order" });
    expect(await chat(room, "busy for an hour")).toEqual({
      refused: "small failed: the provider has too many requests at the moment",
    });
    expect(await room.seen()).toHaveLength(3 + 2 + 3 + 1);
  });

  test("that fails is explained without anything of the node's, to the agent and to the log", async () => {
    await using room = await setup(provider, { tokens: 1_000_000 });
    const refusals = [];
    for (const deed of ["locked", "picky", "not json", "huge", "elsewhere"]) {
      const { refused } = await chat(room, deed, { maxTokens: 100 });
      refusals.push(refused);
    }
    expect(refusals).toEqual([
      "small failed: the provider does not accept the node's key",
      "small failed: it was turned down: too hot for key … of … at …: lower the temperature",
      "small failed: the provider's answer cannot be read",
      "small failed: the answer is over 4194304 bytes",
      "small failed: the provider cannot be reached",
    ]);
    expect((await room.seen()).map(({ path }) => path)).not.toContain("/stolen");
    const written = JSON.stringify(room.logged);
    for (const secret of [room.settings.key!, room.settings.baseUrl, "org-4711", "picky"])
      expect(written).not.toContain(secret);
    expect(room.logged[0]).toMatchObject({ method: "llm.chat", refused: true, fault: "small: status 401" });
  });

  test("that breaks off or never ends stops the stream, and what it may cost is counted", async () => {
    await using room = await setup(provider, { tokens: 2_000 });
    const begun = await room.call("llm.stream", { model: "small", messages: user("cut"), maxTokens: 100 });
    expect(await room.call("llm.next", begun)).toEqual({ text: "Once", done: false });
    await room.cut();
    expect((await room.call("llm.next", begun))["refused"]).toMatch(/^small failed: the provider/);
    const endless = await readStream(room, "endless", { maxTokens: 100 });
    expect(endless.pieces[0]).toBe("Once");
    expect(endless.last["refused"]).toBe("small went on beyond its 100 tokens");
    const total = used(room.session)!;
    expect(total.calls).toBe(2);
    expect(total.outputTokens).toBe(200);
  });

  test("that never answers is given up at the time limit, or with the execution", async () => {
    await using room = await setup(provider, { callTimeMs: 300 });
    expect(await chat(room, "silent")).toEqual({ refused: "small failed: no answer within 300 ms" });
    await using other = await setup(provider);
    const waiting = chat(other, "silent", { maxTokens: 100 });
    await expect.poll(async () => (await other.seen()).length, { timeout: 20_000 }).toBe(1);
    expect(used(other.session)).toMatchObject({ calls: 1, outputTokens: 100 });
    expect(await waiting).toEqual({ refused: "small failed: the execution is over" });
  });

  test("writes no more than its budget has left, and then nothing", async () => {
    await using room = await setup(provider, { tokens: 200 });
    const first = await chat(room, "long", { maxTokens: 5_000 });
    expect(first).toMatchObject({ finish: "length" });
    const [arrived] = await room.seen();
    const granted = arrived?.body?.["max_tokens"] as number;
    expect(granted).toBeLessThan(200);
    expect(first["tokensLeft"]).toBe(200 - 10 - granted);
    const next = await chat(room, "long");
    expect(next["refused"]).toMatch(/budget of 200 tokens/);
    expect(await room.seen()).toHaveLength(1);
  });
});

describe.each(["openai", "openai-compatible"] as const)("a model of %s", (provider) => {
  test("embeds texts", async () => {
    await using room = await setup(provider);
    expect(await room.call("llm.embed", { model: "small", texts: ["ab", "abcd"] })).toEqual({
      embeddings: [
        [2, 0.5],
        [4, 0.5],
      ],
      usage: { input: 7, output: 0 },
      tokensLeft: 9_993,
    });
    expect(used(room.session)).toMatchObject({ inputTokens: 7, outputTokens: 0, cost: "7" });
  });
});

test("a provider without embeddings says so", async () => {
  await using room = await setup("anthropic");
  expect(await room.call("llm.embed", { model: "small", texts: ["a"] })).toEqual({ refused: "small does not embed" });
});

test("streams that are open at once share the budget, and those left open are counted when the execution ends", async () => {
  await using room = await setup("openai", { tokens: 500 });
  const stream = (maxTokens: number) => room.call("llm.stream", { model: "small", messages: user("hello"), maxTokens });
  expect(await stream(200)).toEqual({ stream: 1 });
  expect(await stream(200)).toEqual({ stream: 2 });
  expect((await stream(200))["stream"]).toBe(3);
  expect((await stream(200))["refused"]).toMatch(/budget of 500 tokens/);
  const total = used(room.session)!;
  expect(total.calls).toBe(3);
  expect(total.inputTokens + total.outputTokens).toBe(500);
});

test("no more than four streams are open at once", async () => {
  await using room = await setup("openai");
  const stream = () => room.call("llm.stream", { model: "small", messages: user("hello"), maxTokens: 10 });
  const begun = await Promise.all(Array.from({ length: 5 }, stream));
  expect(
    begun
      .map(({ stream: id }) => id)
      .filter((id) => id !== undefined)
      .toSorted((a, b) => Number(a) - Number(b)),
  ).toEqual([1, 2, 3, 4]);
  const refusal = { refused: "4 streams are open; read one to its end first" };
  expect(begun).toContainEqual(refusal);
  expect(await stream()).toEqual(refusal);
});

test("a model that tells no usage is counted by what went to and fro", async () => {
  await using room = await setup("openai-compatible");
  const { usage } = await chat(room, "no usage", { maxTokens: 100 });
  const { input, output } = usage as { input: number; output: number };
  expect(input).toBeGreaterThan(10);
  expect(output).toBeGreaterThan(2);
});

test.each<[string, string, Json, RegExp]>([
  ["no model", "llm.chat", { messages: user("a") }, /^llm.chat: .*model/],
  ["a model the manifest does not name", "llm.chat", { model: "large", messages: user("a") }, /names no model "large"/],
  ["a model the node lacks", "llm.chat", { model: "other", messages: user("a") }, /this node has no model other/],
  ["no messages", "llm.chat", { model: "small", messages: [] }, /messages/],
  ["a field nobody knows", "llm.chat", { model: "small", messages: user("a"), n: 9 }, /^llm.chat: /],
  ["half a token", "llm.stream", { model: "small", messages: user("a"), maxTokens: 0.5 }, /maxTokens/],
  ["too much", "llm.chat", { model: "small", messages: user("x".repeat(300_000)) }, /at most 262144 bytes/],
  [
    "the result of a tool that was not called",
    "llm.chat",
    { model: "small", messages: [{ role: "tool", id: "call_9", content: "" }] },
    /no message before calls the tool/,
  ],
  ["a stream that is not open", "llm.next", { stream: 7 }, /no stream 7 is open/],
  ["texts without text", "llm.embed", { model: "small", texts: [""] }, /texts/],
])("%s is refused before any provider hears of it", async (_, method, params, why) => {
  await using room = await setup("openai");
  expect((await room.call(method, params))["refused"]).toMatch(why);
  expect(await room.seen()).toEqual([]);
  const { calls, models } = room.session.close();
  expect(calls).toEqual([
    {
      method,
      count: 1,
      refused: 1,
      bytesIn: JSON.stringify(params).length,
      bytesOut: expect.any(Number),
    },
  ]);
  expect(models).toBeUndefined();
});
