import type { Chain } from "../client/connect-chain.ts";
import type { Hash } from "@stoa/protocol";
import type { SenderJournal } from "./sender-journal.ts";
import type { SignedTransaction } from "./sent-intent.ts";
import type { TransactionSigner } from "./transaction-signer.ts";

export interface SenderOptions {
  /** Where what is sent is written down; by default what this process sends is forgotten with it. */
  journal?: SenderJournal;
  /** Blocks that must stand on a transaction's block before its outcome is taken for final. */
  confirmations?: number;
  /** How long the next transaction to be mined may wait before one with higher fees takes its place. */
  stuckAfterMs?: number;
  /** How often a transaction is replaced at most. */
  maxReplacements?: number;
  /** In wei: no transaction ever offers more for a unit of gas. */
  maxFeePerGas?: bigint;
}

/** What the parts of a sender share. */
export interface SenderContext extends Required<SenderOptions> {
  chain: Chain;
  signer: TransactionSigner;
  /** When a transaction came to the node again, by its hash, in epoch milliseconds. */
  sentAgain: Map<Hash, number>;
  /** Tells whoever made a request what was signed for it. */
  told(id: string, transaction: SignedTransaction): Promise<void>;
}
