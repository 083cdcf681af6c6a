import type { Manifest } from "@stoa/protocol";
import type { Models } from "@stoa/sandbox";

const MILLION = 1_000_000n;

/**
 * The most an execution may spend on language models: its whole budget at the dearest price of those it may use.
 * @returns undefined when the node lacks one of them
 */
export function mostModelCost({ grants: { llm } }: Pick<Manifest, "grants">, models: Models): bigint | undefined {
  if (!llm) return 0n;
  let dearest = 0n;
  for (const name of llm.models) {
    const model = models.get(name);
    if (!model) return undefined;
    for (const price of [model.inputPrice, model.outputPrice]) if (price > dearest) dearest = price;
  }
  return (BigInt(llm.tokens) * dearest + MILLION - 1n) / MILLION;
}
