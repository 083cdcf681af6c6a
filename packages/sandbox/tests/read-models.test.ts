import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "@stoa/protocol";
import { readModels } from "@stoa/sandbox";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-models-"));
});
afterEach(() => rm(folder, { recursive: true }));

const price = { input: "0.15", output: "0.6" };
const env = { SMALL_KEY: " sk-in-variable\n" };

async function read(models: Json | string) {
  const path = join(folder, "models.json");
  await writeFile(path, typeof models === "string" ? models : JSON.stringify(models));
  await writeFile(join(folder, "large.key"), "sk-in-file\n");
  return await readModels(path, { decimals: 6, env });
}

test("models are read with their keys from the environment or from files beside them, and their prices in the token", async () => {
  const models = await read({
    small: { provider: "openai", model: "gpt-4o-mini", keyVariable: "SMALL_KEY", price },
    "anthropic/large": { provider: "anthropic", model: "claude", keyFile: "large.key", price },
    own: { provider: "openai-compatible", model: "qwen", baseUrl: "http://127.0.0.1:8000/v1/", price },
  });
  const prices = { inputPrice: 150_000n, outputPrice: 600_000n };
  expect(Object.fromEntries(models)).toEqual({
    small: {
      provider: "openai",
      model: "gpt-4o-mini",
      baseUrl: "https://api.openai.com/v1",
      key: "sk-in-variable",
      ...prices,
    },
    "anthropic/large": {
      provider: "anthropic",
      model: "claude",
      baseUrl: "https://api.anthropic.com/v1",
      key: "sk-in-file",
      ...prices,
    },
    own: {
      provider: "openai-compatible",
      model: "qwen",
      baseUrl: "http://127.0.0.1:8000/v1",
      key: undefined,
      ...prices,
    },
  });
});

const small = { provider: "openai", model: "gpt-4o-mini", keyVariable: "SMALL_KEY", price };

test.each<[string, Json | string, RegExp]>([
  ["no JSON", "{ sk-live-1", /is not JSON$/],
  ["no map", [small], /must map names to models/],
  ["a name no manifest can give", { "Small Model": small }, /"Small Model" is no name for a model/],
  ["a provider nobody knows", { small: { ...small, provider: "oracle" } }, /small\.provider: /],
  ["a key in the file itself", { small: { ...small, key: "sk-live-1" } }, /small: unknown field key$/],
  ["no price", { small: { provider: "openai", model: "m", keyVariable: "SMALL_KEY" } }, /small: missing price/],
  [
    "a price of more decimals than the token",
    { small: { ...small, price: { input: "0.0000001", output: "1" } } },
    /prices of small/,
  ],
  ["no key", { small: { provider: "groq", model: "m", price } }, /small needs its key/],
  ["two keys", { small: { ...small, keyFile: "large.key" } }, /both keyFile and keyVariable/],
  ["a variable that is not set", { small: { ...small, keyVariable: "OTHER" } }, /the variable OTHER has no key/],
  [
    "a file that is not there",
    { small: { ...small, keyVariable: undefined as never, keyFile: "no.key" } },
    /no.key has no key/,
  ],
  [
    "a server of one's own without an address",
    { small: { ...small, provider: "openai-compatible" } },
    /needs a baseUrl/,
  ],
  ["a user in the address", { small: { ...small, baseUrl: "https://me:sk-live-1@example.org" } }, /without a user/],
])("a file with %s is refused in words that quote no key", async (_, models, message) => {
  const error: Error = await read(models).then(
    () => expect.unreachable(),
    (thrown: Error) => thrown,
  );
  expect(error).toMatchObject({ code: "invalid_configuration", message: expect.stringMatching(message) });
  expect(error.message).not.toMatch(/sk-/);
});
