import type { Address, Hash } from "@stoa/protocol";

/** Where on the chain an event stands: what makes it happen once. */
export interface VaultEventPlace {
  txHash: Hash;
  logIndex: number;
}

/** What the vault tells, confirmed; amounts in the token's smallest unit, instants epoch milliseconds. */
export type VaultEvent = VaultEventPlace &
  (
    | { type: "deposited"; owner: Address; amount: bigint }
    | { type: "withdrawal_requested"; owner: Address; amount: bigint }
    | { type: "withdrawal_cancelled"; owner: Address; amount: bigint }
    | { type: "withdrawal_reduced"; owner: Address; amount: bigint }
    | { type: "withdrawal_completed"; owner: Address; amount: bigint }
    | { type: "staked"; provider: Address; node: Address; amount: bigint }
    | { type: "unstake_requested"; provider: Address; node: Address; amount: bigint }
    | { type: "unstake_completed"; provider: Address; node: Address; amount: bigint }
    /** From what was staked first, then from what waited to be unstaked. */
    | { type: "stake_taken"; provider: Address; node: Address; amount: bigint }
    | { type: "slashed"; awardHash: Hash }
    | { type: "claimed"; orderHash: Hash; node: Address; payableAt: number }
    /** In a batch; one that is challenged is told as claimed too. */
    | { type: "claim_posted"; orderHash: Hash; node: Address; payableAt: number }
    | { type: "challenged"; orderHash: Hash; requester: Address; bond: bigint }
    | { type: "ruled"; orderHash: Hash; pay: boolean }
    | { type: "claim_released"; orderHash: Hash }
    | { type: "settled"; orderHash: Hash; node: Address; payment: bigint; royalty: bigint; fee: bigint }
    | { type: "order_cancelled"; requester: Address; nonce: bigint }
    | { type: "session_revoked"; wallet: Address; nonce: bigint }
  );

/** The confirmed events of a stretch of blocks, ending at `number`. */
export interface VaultBlock {
  number: bigint;
  hash: Hash;
  events: readonly VaultEvent[];
}
