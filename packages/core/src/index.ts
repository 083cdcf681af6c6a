export { isFinal, nextState, transitions } from "./lifecycle/lifecycle.ts";
export type { TaskAction } from "./lifecycle/lifecycle.ts";
export { available, bonded, chainAccount, faultsAccount, held, platformAccount, staked, unstaking, withdrawing } from "./ledger/accounts.ts";
export type { LedgerAccount } from "./ledger/accounts.ts";
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
