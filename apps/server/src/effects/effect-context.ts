import type { Chain, ChainSender } from "@stoa/chain";
import type { Market } from "@stoa/market";
import type { NodeHub } from "@stoa/network";
import type { Address } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import type { Logger } from "pino";
import type { ObjectStore } from "../objects/object-store.ts";

/** What effects act through. Each effect names the parts it needs. */
export interface EffectContext {
  database: Database;
  market: Market;
  objects: ObjectStore;
  hub: NodeHub;
  chain: Chain;
  /** Holds the stakes behind the vault's awards. */
  nodesContract: Address;
  /** The contract whose batches of claims the vault pays. */
  claimBatches: Address;
  /** Sends the operator's transactions. */
  sender: ChainSender;
  log: Logger;
  /** Ends every effect. */
  signal: AbortSignal;
}
