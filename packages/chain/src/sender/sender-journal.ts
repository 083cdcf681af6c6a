import type { Hash } from "@stoa/protocol";
import type { IntentOutcome, SentIntent, SignedTransaction } from "./sent-intent.ts";

/**
 * Where one key's intents on one chain are written down, so that a crash at any moment leaves what must be known: what
 * was signed, before anybody else can have it. Everything is durable when it resolves. Several processes may hold one
 * journal, if what keeps it serves several.
 */
export interface SenderJournal {
  /**
   * Writes an intent down with its first transaction, unless an open intent has the nonce, or its id is known: then
   * nothing changes. An intent that was reverted or refused begins anew.
   */
  begin(intent: SentIntent): Promise<"begun" | "nonce taken" | "known">;
  /**
   * Adds a transaction to an open intent that has `known` transactions until now: a replacement, or one with another
   * nonce. Otherwise somebody else was faster, or has the nonce, and nothing changes.
   */
  add(id: Hash, known: number, transaction: SignedTransaction): Promise<"added" | "nonce taken" | "changed">;
  /** Ends an open intent that has `known` transactions until now; one that got another meanwhile stays open. */
  settle(id: Hash, known: number, outcome: IntentOutcome): Promise<void>;
  find(id: Hash): Promise<SentIntent | null>;
  /** Those, settled or not, whose newest transaction has the nonce. */
  listOfNonce(nonce: number): Promise<SentIntent[]>;
  /** Those without an outcome, by the newest transaction's nonce. */
  listOpen(): Promise<SentIntent[]>;
}
