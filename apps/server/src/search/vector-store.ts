import type { AgentFilter, NearestAgent } from "@stoa/search";
import type { AgentVector, NewestAgentRow, UnembeddedFilter } from "@stoa/store";
import type { IndexThread } from "./index-thread.ts";

/** Where agents' vectors are, and how those near to a query are found: in the database, or in the index itself. */
export interface VectorStore {
  /** Newest versions that have no vector yet, in the order of their names: of some names, or of all. */
  missing(of: Pick<UnembeddedFilter, "names" | "after" | "limit">): Promise<NewestAgentRow[]>;
  insert(vectors: readonly AgentVector[]): Promise<void>;
  /** Gives the index what it keeps itself of agents that came into it. */
  fill(index: IndexThread, versionIds: readonly string[]): Promise<void>;
  /** Gives the index what was written since the last time. */
  follow(index: IndexThread): Promise<void>;
  /** Calls back when another process may have written. */
  onWritten(listener: () => void): () => void;
  /** The agents nearest to a vector, when the index does not look for them itself. */
  nearest?(index: IndexThread, vector: Float32Array, filter: AgentFilter): Promise<NearestAgent[]>;
}
