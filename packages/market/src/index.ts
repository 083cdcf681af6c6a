export type { MarketTerms } from "./context.ts";
export { openMarket } from "./market.ts";
export type { Market, MarketInit } from "./market.ts";
export type { SettlementMark } from "./money/mark-settlements.ts";
export type { VaultBlock, VaultEvent } from "./money/vault-event.ts";
export type { AskedNode, OpenedRound } from "./rounds/open-round.ts";
export type { AwardFault, FaultOutcome } from "./rounds/replace-award.ts";
export type { Assignment } from "./tasks/assignments-of.ts";
export type { SubmittedTask } from "./tasks/submit-task.ts";
