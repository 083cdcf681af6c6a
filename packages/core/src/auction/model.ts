import type { Address, Hash } from "@stoa/protocol";

/** Weights, duals, margins and shares are amounts times this, so that the tie-break is worth less than one unit. */
export const WEIGHT_SCALE = 1n << 16n;

/** What a round knows of one task. Amounts are in the token's smallest unit. */
export interface TaskTerms {
  taskId: Hash;
  requester: Address;
  /** M: the most the requester pays, platform fee included. */
  maxPrice: bigint;
  royaltyCap: bigint;
  /** The only version the requester wants, or null when any agent of the capability will do. */
  agentVersion: Hash | null;
}

/** What a round knows of one node that answered. */
export interface NodeTerms {
  node: Address;
  /** The provider's wallet: it may not serve tasks of its own. */
  provider: Address;
  slots: number;
}

/** One bid: a node's ask for one task with one agent version. At most one per task and node. */
export interface Edge {
  /** Index into {@link Market.tasks}. */
  task: number;
  /** Index into {@link Market.nodes}. */
  node: number;
  agentVersion: Hash;
  /** a: what the node asks for itself. */
  ask: bigint;
  /** ρ: what the version's creator gets per execution; 0 when creator and provider are one. */
  royalty: bigint;
  /** q ≤ 0: what the node's reputation takes off the task's value. */
  quality: bigint;
}

export interface Market {
  /** φ: the platform fee in basis points of the price. */
  feeBps: number;
  tasks: readonly TaskTerms[];
  nodes: readonly NodeTerms[];
  edges: readonly Edge[];
}

/** Why a bid took no part in the clearing. */
export type BarReason = "same_owner" | "wrong_version" | "wrong_capability" | "royalty_over_cap" | "below_cost";

/** A bid that took no part, by indices of its market. */
export interface Bar {
  task: number;
  node: number;
  reason: BarReason;
}

/** What a round gives one task. */
export interface AwardTerms {
  taskId: Hash;
  node: Address;
  agentVersion: Hash;
  ask: bigint;
  royalty: bigint;
  /** w, scaled by {@link WEIGHT_SCALE}. */
  weight: bigint;
  /** m = W(N) − W(without this edge), scaled. */
  margin: bigint;
  /** s: this task's part of the node's P, scaled. */
  share: bigint;
  /** p = ask + royalty + ⌊share / scale⌋. */
  price: bigint;
  /** p − ρ: what the node gets. */
  payment: bigint;
  /** ⌊p·φ/10⁴⌋. */
  fee: bigint;
  /** p + fee ≤ M: what the requester pays. */
  charge: bigint;
}

/** The outcome of a round; everything scaled says so. */
export interface Clearing {
  /** In the order of the market's tasks. */
  awards: AwardTerms[];
  /** W(N), scaled. */
  total: bigint;
  /** W(N∖j), scaled, of every node that won, in the order of the market's nodes. */
  withoutNode: { node: Address; total: bigint }[];
  /** u, scaled, by task: with `nodeDuals` the certificate that no allocation is worth more. Not unique. */
  taskDuals: bigint[];
  /** v, scaled, by node. */
  nodeDuals: bigint[];
  /** Tasks that got no node. */
  unserved: Hash[];
  barred: Bar[];
}
