import { expect, test } from "vitest";
import type { Models } from "./model-settings.ts";
import { mostModelCost } from "./most-model-cost.ts";

const model = { provider: "openai", model: "m", baseUrl: "http://127.0.0.1", key: "k" } as const;
const models: Models = new Map([
  ["small", { ...model, inputPrice: 150_000n, outputPrice: 700_000n }],
  ["reader", { ...model, inputPrice: 200_000n, outputPrice: 0n }],
  ["large", { ...model, inputPrice: 2_500_000n, outputPrice: 10_000_001n }],
]);

test.each<[string, string[] | undefined, bigint | undefined]>([
  ["that uses no model", undefined, 0n],
  ["of one model", ["small"], 700n],
  ["of a model that only reads, a token a byte", ["reader"], 800n],
  ["of two models", ["small", "large"], 10_001n],
  ["of a model the node lacks", ["small", "huge"], undefined],
])("an execution %s may cost its whole budget at the dearest price, rounded up", (_, names, most) => {
  const grants = names === undefined ? {} : { llm: { models: names, tokens: 1_000 } };
  expect(mostModelCost(grants, models)).toBe(most);
});
