import type { Abi, Hex } from "viem";
import type { Address, Hash } from "@stoa/protocol";

/** A contract whose events are followed. */
export interface EventSource<Fact = unknown> {
  address: Address;
  /** Only the events it names are asked for. */
  abi: Abi;
  /** The block it was deployed in. */
  fromBlock: number;
  /** Reads one of its logs; null when it says nothing that matters. */
  decode(log: { data: Hex; topics: [] | [Hex, ...Hex[]] }): Fact | null;
}

/** One log of a source, as it stands in a block. */
export interface ChainEvent {
  blockNumber: number;
  blockHash: Hash;
  txHash: Hash;
  logIndex: number;
  /** In lower case. */
  address: Address;
  topics: [] | [Hex, ...Hex[]];
  data: Hex;
  /** The block's time in epoch milliseconds. */
  at: number;
}

/** A block that the index has read, with the one it stands on. */
export interface IndexedBlock {
  number: number;
  hash: Hash;
  parentHash: Hash;
}
