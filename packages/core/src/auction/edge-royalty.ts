import type { Address } from "@stoa/protocol";

/**
 * ρ: what a version's creator gets per execution, in the token's smallest unit; nothing when the creator
 * is the provider itself, since paying oneself would only blur the cost.
 */
export function edgeRoyalty(manifestRoyalty: bigint, creator: Address, provider: Address): bigint {
  return creator.toLowerCase() === provider.toLowerCase() ? 0n : manifestRoyalty;
}
