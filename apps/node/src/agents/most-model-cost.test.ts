import type { Models } from "@stoa/sandbox";
import { expect, test } from "vitest";
import { mostModelCost } from "./most-model-cost.ts";

const model = { provider: "openai", model: "m", baseUrl: "http://127.0.0.1", key: "k" } as const;
const models: Models = new Map([
  ["small", { ...model, inputPrice: 150_000n, outputPrice: 600_000n }],
  ["large", { ...model, inputPrice: 2_500_000n, outputPrice: 10_000_001n }],
]);

test.each<[string, string[] | undefined, bigint | undefined]>([
  ["that uses no model", undefined, 0n],
  ["of one model", ["small"], 600n],
  ["of two models", ["small", "large"], 10_001n],
  ["of a model the node lacks", ["small", "huge"], undefined],
])("an execution %s may cost its whole budget at the dearest price, rounded up", (_, names, most) => {
  const grants = names === undefined ? {} : { llm: { models: names, tokens: 1_000 } };
  expect(mostModelCost({ grants }, models)).toBe(most);
});
