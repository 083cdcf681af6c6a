import type { ChainEvent, EventSource, IndexedBlock } from "./event-source.ts";

/** Consecutive blocks that were read, and all their events. */
export interface IndexStretch {
  /** The cursor it follows on; null for the very first. */
  after: IndexedBlock | null;
  /** The blocks to keep, ascending; the last is the new cursor. */
  blocks: readonly IndexedBlock[];
  events: readonly ChainEvent[];
  /** Blocks below are kept no longer. */
  keepFrom: number;
}

/** Where one chain's index is kept. Each write is one transaction: events and cursor together, or neither. */
export interface IndexStore {
  /** The blocks that are kept, the newest, which is the cursor, first. */
  blocks(): Promise<IndexedBlock[]>;
  /** @returns false, and nothing is written, when the cursor is another than the stretch follows on */
  append(stretch: IndexStretch): Promise<boolean>;
  /** Forgets all above a block that is kept. */
  rewind(to: IndexedBlock): Promise<void>;
  /**
   * Remembers who is followed. When one is new whose first block the index has passed, everything from that block on is
   * forgotten, to be read again with it.
   */
  follow(sources: readonly Pick<EventSource, "address" | "fromBlock">[]): Promise<void>;
}
