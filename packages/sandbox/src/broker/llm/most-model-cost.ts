import type { Manifest } from "@stoa/protocol";
import type { Models } from "./model-settings.ts";
import { BYTES_PER_TOKEN } from "./token-budget.ts";

const MILLION = 1_000_000n;

/**
 * The most an execution may spend on language models: its whole budget at the dearest price of those it may use. An
 * input is taken to have a token for every few bytes and may have one for each, so that its price counts that often.
 * @returns in the token's smallest unit; undefined when the node lacks one of the models
 */
export function mostModelCost({ llm }: Manifest["grants"], models: Models): bigint | undefined {
  if (!llm) return 0n;
  let dearest = 0n;
  for (const name of llm.models) {
    const model = models.get(name);
    if (!model) return undefined;
    for (const price of [model.inputPrice * BigInt(BYTES_PER_TOKEN), model.outputPrice])
      if (price > dearest) dearest = price;
  }
  return (BigInt(llm.tokens) * dearest + MILLION - 1n) / MILLION;
}
