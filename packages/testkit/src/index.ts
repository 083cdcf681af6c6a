export { freePort, startPostgres } from "./start-postgres.ts";
export type { PostgresServer } from "./start-postgres.ts";
export { callAnvil, startMarketChain } from "./chain.ts";
export type { MarketChain, MarketChainOptions } from "./chain.ts";
export { signEvidence } from "./chain-evidence.ts";
export type { EvidenceTerms } from "./chain-evidence.ts";
export { startAnvil } from "@stoa/chain";
export type { Anvil, AnvilOptions } from "@stoa/chain";
