import type { Address, AnchoredHead, Hash } from "@stoa/protocol";
import type { NewAnchor } from "../anchors/anchor-rounds.ts";
import type { TendOptions, WaitOptions } from "../client/chain-sender.ts";
import type { ChainEvent, IndexedBlock } from "../indexer/event-source.ts";
import type { IndexProgress } from "../indexer/index-chain.ts";
import type { IndexStore } from "../indexer/index-store.ts";
import type { PlacedFact } from "../indexer/decode-events.ts";
import type { SlashEvidence } from "../nodes/slash.ts";
import type { SubmittedOrder } from "../vault/submit-items.ts";
import type { SettlementEvidence } from "../vault/to-settlement.ts";
import type { VaultFact } from "../watch/vault-record.ts";

/**
 * The chain a market's money is on, of whatever family: the one port through which the market's effects act on it. The
 * market decides and books first; this carries it out, and tells what the chain says back. Another family of chains
 * stands beside the EVM's by another implementation of it.
 */
export interface Settlement {
  /** Whose transactions these are: the market's operator. */
  readonly operator: Address;
  /** What the chain says. */
  readonly facts: SettlementFacts;
  /** Where rounds are anchored; null on a chain that has no such place. */
  readonly anchors: SettlementAnchors | null;
  /**
   * Pays orders: accepted ones at once, claimed ones whose window is over. Nothing is paid twice, however often it is
   * asked for; whether it was paid is for {@link facts} to say.
   * @throws {StoaError} `chain_unavailable`
   */
  settle(items: readonly SettlementEvidence[]): Promise<Submitted>;
  /** Claims delivered orders that nobody accepted; each becomes payable after the challenge window. */
  claim(items: readonly SettlementEvidence[]): Promise<Submitted>;
  /**
   * Voids a failed award and takes its damages from the provider's stake, once.
   * @throws {StoaError} `chain_rejected` when the chain refuses
   */
  takeDamages(damages: Damages): Promise<Hash>;
  /** Waits until what was sent stands in a block. */
  wait(txHash: Hash, options?: WaitOptions): Promise<void>;
  /** Sees to everything in flight until the signal ends it. */
  tend(options: TendOptions): Promise<void>;
}

/** What became of orders that were sent, by order hash. */
export interface Submitted {
  /** On their way now. */
  submitted: SubmittedOrder[];
  /** On their way since before. */
  inFlight: SubmittedOrder[];
  /** What was asked for was done before. */
  already: Hash[];
  /** As things stand the chain would refuse them; `isEarly` when only its time has not come. */
  refused: { orderHash: Hash; reason: string; isEarly: boolean }[];
}

export interface Damages {
  evidence: SlashEvidence;
  provider: Address;
  /** In all, in the token's smallest unit. */
  damages: bigint;
  /** The requester's part of them; the rest goes to the fault pool. */
  toRequester: bigint;
}

/** What happens to the market's money on a chain, whoever makes it happen. */
export interface SettlementFacts {
  /** Names the chain wherever it is told apart from others. */
  readonly chainId: number;
  /** Where its events come from. */
  readonly addresses: readonly Address[];
  /** Keeps an index of its events as long as the signal lets it: see {@link indexChain}. */
  index(options: IndexFacts): Promise<void>;
  /** Reads indexed events; what says nothing of money is left out. */
  decode(events: readonly ChainEvent[]): PlacedFact<VaultFact>[];
  /** @throws {StoaError} `chain_unavailable` */
  newestBlock(): Promise<number>;
  /**
   * @returns null while there is no such block
   * @throws {StoaError} `chain_unavailable`
   */
  blockAt(number: number): Promise<Pick<IndexedBlock, "number" | "hash"> | null>;
}

export interface IndexFacts {
  store: IndexStore;
  /** Keeps blocks this deep at least. */
  depth: number;
  pollMs: number;
  signal: AbortSignal;
  onProgress(progress: IndexProgress): Promise<void>;
  onFault(error: Error | null, attempt: number): void;
}

/** Where the heads of a market's rounds are written for everybody to see. */
export interface SettlementAnchors {
  /** The head that stands for a capability; null when none does. */
  standing(capability: string): Promise<AnchoredHead | null>;
  /** The capabilities among these whose anchor is on its way or not final yet. */
  inFlight(capabilities: readonly string[]): Promise<ReadonlySet<string>>;
  /** Anchors several heads, all or none. @throws {StoaError} `chain_rejected` when another came first */
  anchor(anchors: readonly CapabilityAnchor[]): Promise<Hash>;
}

/** How far a capability's chain of rounds shall be anchored. */
export type CapabilityAnchor = Pick<NewAnchor, "position" | "previous" | "head"> & { capability: string };
