import type { Settlement } from "@stoa/chain";
import type { Market } from "@stoa/market";
import type { NodeHub } from "@stoa/network";
import type { Database } from "@stoa/store";
import type { Logger } from "pino";
import type { ObjectStore } from "../objects/object-store.ts";

/** What effects act through. Each effect names the parts it needs. */
export interface EffectContext {
  database: Database;
  market: Market;
  objects: ObjectStore;
  hub: NodeHub;
  /** The chain that the market's money is on. */
  settlement: Settlement;
  log: Logger;
  /** Ends every effect. */
  signal: AbortSignal;
}
