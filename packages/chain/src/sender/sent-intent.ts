import { type Hex, keccak256, toHex } from "viem";
import type { Address, Hash } from "@stoa/protocol";

/**
 * What a key was asked to do, with every transaction that was ever signed for it. Plain JSON, as journals keep it.
 *
 * open → done (a transaction of it is final) | reverted (final, without effect) | refused (it would revert, and nothing
 * of it can reach a block any more) | dropped (nobody needs it any more). Only `reverted` and `refused` may begin anew.
 */
export interface SentIntent {
  /** The hash of all that makes it this intent: see {@link intentId}. */
  id: Hash;
  doing: string;
  /** Null for a deployment. */
  to: Address | null;
  data: Hex;
  /** In wei, decimal. */
  value: string;
  subjects: readonly string[];
  /** What it does when somebody else's transaction took its nonce: goes on under another, or is needless. */
  whenTaken: "move" | "drop";
  /** The oldest first. All that have the newest one's nonce can reach a block; of those before, none can. */
  transactions: readonly SignedTransaction[];
  outcome: IntentOutcome | null;
}

export interface SignedTransaction {
  hash: Hash;
  nonce: number;
  /** The signed bytes. */
  raw: Hex;
  /** Epoch milliseconds. */
  signedAt: number;
  /** The chain's newest block when it was signed: it stands in none up to there. */
  afterBlock: number;
}

export interface IntentOutcome {
  state: "done" | "reverted" | "refused" | "dropped";
  /** The transaction that stands in a block; null when none does. */
  txHash: Hash | null;
  /** Why it was refused. */
  reason: string | null;
}

/** What an intent does, without what it is called. */
export interface IntentContent {
  chainId: number;
  sender: Address;
  to: Address | null;
  data: Hex;
  value: string;
}

/** The same content on the same occasion has the same id, in every process. */
export function intentId({ chainId, sender, to, data, value }: IntentContent, occasion: string): Hash {
  const parts = [chainId, sender.toLowerCase(), to?.toLowerCase() ?? null, data.toLowerCase(), value, occasion];
  return keccak256(toHex(JSON.stringify(parts)));
}

/** The transaction that counts: the newest. */
export function newestOf({ transactions }: SentIntent): SignedTransaction {
  const newest = transactions.at(-1);
  if (!newest) throw new Error("an intent is written down with its first transaction");
  return newest;
}

/** Those that can reach a block, the newest first. */
export function liveOf(intent: SentIntent): SignedTransaction[] {
  const { nonce } = newestOf(intent);
  return intent.transactions.filter((transaction) => transaction.nonce === nonce).toReversed();
}
