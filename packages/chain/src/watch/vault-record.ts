import type { Address, Hash } from "@stoa/protocol";

/**
 * What the logs of a vault, of its contract of nodes and of its contract of batches say, by type. Amounts are in the token's smallest unit, `…At` epoch
 * milliseconds.
 */
export type VaultFact =
  | { type: "deposited"; owner: Address; token: Address; amount: bigint }
  | { type: "withdrawal_requested"; owner: Address; token: Address; amount: bigint; unlocksAt: number }
  | { type: "withdrawal_cancelled"; owner: Address; token: Address; amount: bigint }
  | { type: "withdrawal_completed"; owner: Address; token: Address; amount: bigint }
  /** A settlement, claim or bond took this much from what waited to be withdrawn. */
  | { type: "withdrawal_reduced"; owner: Address; token: Address; amount: bigint }
  | { type: "staked"; provider: Address; node: Address; token: Address; amount: bigint }
  | { type: "unstake_requested"; provider: Address; node: Address; token: Address; amount: bigint; unlocksAt: number }
  | { type: "unstake_completed"; provider: Address; node: Address; token: Address; amount: bigint }
  /** A ruling or a proven conflict took this much, from what was staked first, then from what waited to be unstaked. */
  | { type: "stake_taken"; provider: Address; node: Address; token: Address; amount: bigint }
  | {
      type: "slashed";
      orderHash: Hash;
      awardHash: Hash;
      node: Address;
      provider: Address;
      requester: Address;
      token: Address;
      toRequester: bigint;
      toFaultPool: bigint;
    }
  | { type: "claimed"; orderHash: Hash; requester: Address; node: Address; charge: bigint; payableAt: number }
  /** In a batch: nothing is locked, and a challenge makes it a claim of its own. */
  | {
      type: "claim_posted";
      orderHash: Hash;
      requester: Address;
      node: Address;
      token: Address;
      payableAt: number;
    }
  | { type: "challenged"; orderHash: Hash; requester: Address; bond: bigint }
  | { type: "ruled"; orderHash: Hash; pay: boolean }
  /** A claim's lock and bond went back to its requester: ruled against, accepted after all, or lapsed. */
  | { type: "claim_released"; orderHash: Hash; requester: Address; charge: bigint; bond: bigint }
  | {
      type: "settled";
      orderHash: Hash;
      requester: Address;
      node: Address;
      payment: bigint;
      royalty: bigint;
      /** Null where the vault does not say it: its share of payment and royalty. */
      fee: bigint | null;
    }
  /** `submitter`'s batch could not settle the order; anybody can be the submitter of anything. */
  | { type: "settlement_skipped"; orderHash: Hash; submitter: Address; reason: string }
  | { type: "claim_skipped"; orderHash: Hash; submitter: Address; reason: string }
  | { type: "order_cancelled"; requester: Address; nonce: bigint; effectiveAt: number }
  | { type: "session_revoked"; wallet: Address; nonce: bigint; effectiveAt: number };
