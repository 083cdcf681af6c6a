export { freePort } from "@stoa/host";
export { startPostgres } from "./start-postgres.ts";
export { findPgvectorBinaries } from "./pgvector-binaries.ts";
export type { PostgresServer } from "./start-postgres.ts";
export { callAnvil, startMarketChain } from "./chain.ts";
export type { MarketChain, MarketChainOptions } from "./chain.ts";
export { signEvidence } from "./chain-evidence.ts";
export type { EvidenceTerms } from "./chain-evidence.ts";
export { startAnvil } from "@stoa/chain";
export type { Anvil, AnvilOptions } from "@stoa/chain";
export { createMarketFixture } from "./market-fixture.ts";
export type {
  Ask,
  FixtureNode,
  FixtureVaultEvent,
  MarketFixture,
  MarketFixtureOptions,
  OrderPlan,
} from "./market-fixture.ts";
export { startSimulatedNode } from "./simulated-node.ts";
export type { SimulatedNodePlan } from "./simulated-node.ts";
export { insertAgents } from "./agents/insert-agents.ts";
export type { PlannedAgent } from "./agents/insert-agents.ts";
export { packageDescriptions } from "./agents/package-descriptions.ts";
export type { Described } from "./agents/package-descriptions.ts";
export { fillMarket } from "./fill-market.ts";
export type { FilledMarket } from "./fill-market.ts";
export { tuneForLoading } from "./tune-for-loading.ts";
export { rowsSeen, stepsOf, watchPlans } from "./watch-plans.ts";
export type { PlanStep, RanPlan, WatchedDatabase } from "./watch-plans.ts";
export { hotReads } from "./hot-reads.ts";
export type { HotRead } from "./hot-reads.ts";
export { randomKey } from "./random-key.ts";
export type { WorkflowPlan } from "./sign-workflow.ts";
export { ledgerProblems } from "./ledger-problems.ts";
export { databaseKinds } from "./test-databases.ts";
export type { DatabaseKind, TestDatabase } from "./test-databases.ts";
export { openBreakpoints, prepareForBreakpoints } from "./breakpoints.ts";
export type { BreakpointPlace, Breakpoints } from "./breakpoints.ts";
export { signOffer } from "./sign-offer.ts";
export type { Offer } from "./sign-offer.ts";
