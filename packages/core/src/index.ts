export { isFinal, nextState, transitions } from "./lifecycle/lifecycle.ts";
export type { TaskAction } from "./lifecycle/lifecycle.ts";
export {
  available,
  bonded,
  chainAccount,
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
  entriesOf,
  holdPosting,
  releasePosting,
  settlePosting,
  splitHold,
  unbondPosting,
} from "./ledger/postings.ts";
export type { Entry, Posting, PostingKind, Split, Transfer } from "./ledger/postings.ts";
export { matchSchema } from "./schema/match-schema.ts";
export { answersRoot, buildSheet, proveAnswer, verifyAnswer } from "./auction/sheet.ts";
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
export type { VerificationCheck, VerificationReport } from "./auction/verification.ts";
export { verifyRecord } from "./auction/verify-record.ts";
export type { VerifyOptions } from "./auction/verify-record.ts";
export { verifySupplement } from "./auction/verify-supplement.ts";
export { weighEdges } from "./auction/weigh-edges.ts";
export type { WeighedEdge } from "./auction/weigh-edges.ts";
export { whyUnserved } from "./auction/why-unserved.ts";
export type { UnservedReason } from "./auction/why-unserved.ts";
export { requireSheet } from "./auction/require-sheet.ts";
export type { SheetContext } from "./auction/require-sheet.ts";
