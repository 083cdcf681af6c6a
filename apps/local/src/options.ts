/** A provider's node of the local market. */
export interface LocalNode {
  name: string;
  slots: number;
  /** As `STOA_NODE_COST` has it: its true cost. */
  cost: string;
  /** Settings of its own besides, such as the models it lends. */
  env?: Record<string, string>;
}

export interface LocalOptions {
  /** Keeps everything: database, chain, objects, keys, logs. */
  dataFolder: string;
  /** Of the HTTP server; 0 takes a free one. */
  port: number;
  /** A PostgreSQL server instead of the embedded database. */
  databaseUrl?: string | undefined;
  nodes: readonly LocalNode[];
  /** Settings of the server's that differ from the local defaults, such as shorter windows in tests. */
  serverEnv?: Record<string, string>;
  /** Settings of the nodes' that differ from the local defaults. */
  nodeEnv?: Record<string, string>;
  /** How many server processes share the database, one unless said otherwise; more need a PostgreSQL server. */
  servers?: number;
  /** Settings of single servers, by their place. */
  serverEnvOf?: (index: number) => Record<string, string>;
  /** Seconds of the vault's, fixed when it is deployed. */
  withdrawDelaySeconds?: number;
  challengeWindowSeconds?: number;
  /** Keeps no state of the chain, which otherwise waits for its disk at each block: for a market that ends with its run. */
  isChainFleeting?: boolean;
  /** Told what is being done. */
  onStep?: (text: string) => void;
}

/** Two providers with different costs, so that the demo's auction has competition. */
export const DEFAULT_NODES: readonly LocalNode[] = [
  { name: "attica", slots: 2, cost: "base=0.004,kib=0.0001,second=0.0005" },
  { name: "boeotia", slots: 2, cost: "base=0.006,kib=0.0001,second=0.0005" },
];
