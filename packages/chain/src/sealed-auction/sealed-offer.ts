import type { Address, Hash } from "@stoa/protocol";

/** What a bidder commits to and reveals later. */
export interface SealedOffer {
  /** What it asks for each task, in the token's smallest unit. */
  ask: bigint;
  /** How many of the tasks it would do at most. */
  slots: number;
  /** Of its nodes, the one whose stake answers; the zero address for none. */
  node: Address;
  /** 32 random bytes: without them everybody could find the ask by trying. */
  salt: Hash;
}
