export { isAtRest, isFinal, nextState, transitions } from "./lifecycle/lifecycle.ts";
export type { TaskAction } from "./lifecycle/lifecycle.ts";
export { attemptsLeft, nextAttemptAt } from "./lifecycle/next-attempt.ts";
export type { Attempted } from "./lifecycle/next-attempt.ts";
export {
  available,
  bonded,
  chainAccount,
  earmarked,
  faultsAccount,
  held,
  platformAccount,
  staked,
  unstaking,
  withdrawing,
} from "./ledger/accounts.ts";
export type { LedgerAccount, StakedNode } from "./ledger/accounts.ts";
export { Book } from "./ledger/book.ts";
export type { Shortfall } from "./ledger/book.ts";
export {
  bondPosting,
  damagesPosting,
  earmarkPosting,
  entriesOf,
  holdPosting,
  releasePosting,
  settlePosting,
  splitHold,
  unbondPosting,
  unearmarkPosting,
} from "./ledger/postings.ts";
export type { Entry, Posting, PostingKind, Split, Transfer } from "./ledger/postings.ts";
export { costOf, toCost } from "./cost/node-cost.ts";
export type { Cost } from "./cost/node-cost.ts";
export { DEFAULT_COST, readCost } from "./cost/read-cost.ts";
export type { CostText } from "./cost/read-cost.ts";
export { matchSchema } from "./schema/match-schema.ts";
export { answersRoot } from "./auction/answers-root.ts";
export { buildSheet, openSheet, verifyAnswer } from "./auction/sheet.ts";
export type { OpenSheet } from "./auction/sheet.ts";
export { awardInForce, buildSupplement } from "./auction/build-supplement.ts";
export type { FaultReport } from "./auction/build-supplement.ts";
export { buildRecord } from "./auction/build-record.ts";
export { clearRound } from "./auction/clear-round.ts";
export { damages } from "./auction/damages.ts";
export type { Damages, Failure } from "./auction/damages.ts";
export { edgeRoyalty } from "./auction/edge-royalty.ts";
export { solveAssignment } from "./auction/solve-assignment.ts";
export type { AssignmentProblem, AssignmentSolution, Optimum } from "./auction/assignment-problem.ts";
export { WEIGHT_SCALE } from "./auction/model.ts";
export type { AwardTerms, Bar, BarReason, Clearing, Edge, Market, NodeTerms, TaskTerms } from "./auction/model.ts";
export { platformFee } from "./auction/platform-fee.ts";
export { qualityTerm } from "./auction/quality-term.ts";
export { reawardTask } from "./auction/reaward.ts";
export type { Candidate, Reaward } from "./auction/reaward.ts";
export { BPS, reservePrice } from "./auction/reserve-price.ts";
export { roundMarket, RULE_VERSION } from "./auction/round-market.ts";
export type { RoundInputs, RoundMarket } from "./auction/round-market.ts";
export { roundSeed } from "./auction/round-seed.ts";
export { tieBreak } from "./auction/tie-break.ts";
export { checkChainAnchors, checkChainLinks, checkChainRecord, checkChainSupplements } from "./auction/check-chain.ts";
export type { AnchoredPosition, ChainTerms, ListedRound } from "./auction/check-chain.ts";
export { proveOmission } from "./auction/prove-omission.ts";
export type { Omission, SignedReceipt } from "./auction/prove-omission.ts";
export { disagree, requireSame, runChecks } from "./auction/verification.ts";
export type { Check, VerificationCheck, VerificationReport } from "./auction/verification.ts";
export { verifyRecord } from "./auction/verify-record.ts";
export type { VerifyOptions } from "./auction/verify-record.ts";
export { verifySupplement } from "./auction/verify-supplement.ts";
export { weighEdges } from "./auction/weigh-edges.ts";
export type { WeighedEdge } from "./auction/weigh-edges.ts";
export { whyUnserved } from "./auction/why-unserved.ts";
export type { NodeUnserved, UnservedReason } from "./auction/why-unserved.ts";
export { tallyUnserved } from "./auction/tally-unserved.ts";
export type { UnservedTally } from "./auction/tally-unserved.ts";
export { nextBand } from "./auction/cost-bands.ts";
export type { CostBand, NodeCost, NodeCount } from "./auction/cost-bands.ts";
export { estimateTask, nodesWithin } from "./auction/estimate-task.ts";
export type { QuoteAnswer, TaskEstimate } from "./auction/estimate-task.ts";
export { leastMaxPrice } from "./auction/least-max-price.ts";
export { requireSheet } from "./auction/require-sheet.ts";
export type { SheetContext } from "./auction/require-sheet.ts";
export { auctionTerms } from "./auction/open/auction-terms.ts";
export type { OpenAuctionTerms } from "./auction/open/auction-terms.ts";
export { isAuctionOver, nextAuctionState } from "./auction/open/next-auction-state.ts";
export type {
  OpenAuctionAction,
  OpenAuctionRules,
  OpenAuctionState,
  OpenLead,
} from "./auction/open/next-auction-state.ts";
export { openSegment, readOffer } from "./auction/open/read-offer.ts";
export { requireOffer } from "./auction/open/require-offer.ts";
export { buildAuctionRecord } from "./auction/open/build-auction-record.ts";
export type { AuctionRecordInputs } from "./auction/open/build-auction-record.ts";
export { buildAuctionSupplement } from "./auction/open/build-auction-supplement.ts";
export { OPEN_RULE_VERSION, verifyAuction } from "./auction/open/verify-auction.ts";
export { verifyAuctionSupplement } from "./auction/open/verify-auction-supplement.ts";
export { checkWorkflow } from "./workflow/check-workflow.ts";
export type { WorkflowProblem, WorkflowSurroundings } from "./workflow/check-workflow.ts";
export { valueAt } from "./workflow/json-pointer.ts";
export { afterFailure, planWorkflow } from "./workflow/plan-workflow.ts";
export type { StepProgress, StepRuling, WorkflowPlan, WorkflowProgress } from "./workflow/plan-workflow.ts";
export { fillTemplate, INPUT_SOURCE, referencesOf, withinBytes } from "./workflow/template.ts";
export type { Reference } from "./workflow/template.ts";
export { longestSeconds, requireGraph, workflowGraph } from "./workflow/workflow-graph.ts";
export type { WorkflowGraph } from "./workflow/workflow-graph.ts";
