import type { Address, Hash } from "@stoa/protocol";

/**
 * The ledger's accounts. `chain` mirrors the vault and is the only one that may stand below zero:
 * what it lacks is what everybody else owns.
 */
export type LedgerAccount =
  | "chain"
  | "platform"
  | "faults"
  | `available:${Address}`
  | `held:${Address}`
  | `earmarked:${Address}/${Hash}`
  | `withdrawing:${Address}`
  | `staked:${Address}/${Address}`
  | `unstaking:${Address}/${Address}`
  | `bonded:${Address}/${Address}`;

/** Mirrors the vault. */
export const chainAccount = "chain" satisfies LedgerAccount;
/** What the market earned in fees. */
export const platformAccount = "platform" satisfies LedgerAccount;
/** What failed nodes forfeited beyond making requesters whole. */
export const faultsAccount = "faults" satisfies LedgerAccount;
/** What an account can spend. */
export const available = (owner: Address): LedgerAccount => `available:${owner}`;
/** What is set aside for a requester's unfinished tasks. */
export const held = (requester: Address): LedgerAccount => `held:${requester}`;
/** What is set aside for a workflow, or for what a task may order in its turn, and no order holds yet. */
export const earmarked = (requester: Address, budgetOf: Hash): LedgerAccount => `earmarked:${requester}/${budgetOf}`;
/** What waits for a withdrawal's delay. */
export const withdrawing = (owner: Address): LedgerAccount => `withdrawing:${owner}`;

/** A node under the provider whose money stands behind it. */
export interface StakedNode {
  provider: Address;
  node: Address;
}

/** What a node stands to lose and has not bound yet. */
export const staked = ({ provider, node }: StakedNode): LedgerAccount => `staked:${provider}/${node}`;
/** Stake that waits for its delay; still reachable by damages. */
export const unstaking = ({ provider, node }: StakedNode): LedgerAccount => `unstaking:${provider}/${node}`;
/** Stake bound to a node's running awards. */
export const bonded = ({ provider, node }: StakedNode): LedgerAccount => `bonded:${provider}/${node}`;
