import type { Address, Hash } from "@stoa/protocol";
import { clearRound } from "./clear-round.ts";
import type { AwardTerms, Market, TaskTerms } from "./model.ts";

/** An unexpired bid of a node that has not failed the task and has a free slot now. */
export interface Candidate {
  node: Address;
  provider: Address;
  agentVersion: Hash;
  ask: bigint;
  royalty: bigint;
  quality: bigint;
}

/** A single task to be cleared again over its round's other bids. */
export interface Reaward {
  feeBps: number;
  task: TaskTerms;
  candidates: readonly Candidate[];
  /** The round's own seed. */
  seed: Hash;
}

/** The market of one task and its candidates, in their order; each may take one task. */
export function reawardMarket({ feeBps, task, candidates }: Omit<Reaward, "seed">): Market {
  return {
    feeBps,
    tasks: [task],
    nodes: candidates.map(({ node, provider }) => ({ node, provider, slots: 1 })),
    edges: candidates.map(({ agentVersion, ask, royalty, quality }, node) => ({
      task: 0,
      node,
      agentVersion,
      ask,
      royalty,
      quality,
    })),
  };
}

/**
 * Clears one task again after its winner failed: same reserve price, the round's own bids and tie-breaks.
 * The replacement gets this clearing's price, never its own ask and never the first price.
 * @returns the new award, or null when no candidate is left that is worth it
 */
export function reawardTask({ seed, ...reaward }: Reaward): AwardTerms | null {
  return clearRound(reawardMarket(reaward), seed).awards[0] ?? null;
}
