import {
  type Address,
  type Hash,
  type RecordSheet,
  decodeTyped,
  requireSigner,
  type RoundOpening,
  StoaError,
} from "@stoa/protocol";
import { answersRoot, type PassLeaves } from "./answers-root.ts";

/** The round a sheet answers, as its opening was signed. */
export interface SheetContext {
  opening: RoundOpening;
  /** SHA-256 of the opening. */
  roundId: Hash;
  /** Who sent it: a node the opening asks. */
  node: Address;
  /** Kept over the sheets of one round by whoever checks them all. */
  passes?: PassLeaves;
}

function invalid(message: string): never {
  throw new StoaError("invalid_bid", message);
}

function requireAnswers({ opening, node }: SheetContext, answers: RecordSheet["answers"]): void {
  const announced = new Set(opening.tasks.map(({ orderHash }) => orderHash));
  const answered = new Set<Hash>();
  for (const { orderHash } of answers) {
    if (!announced.has(orderHash))
      throw new StoaError("not_announced", `${node} answers for task ${orderHash}, which the round does not have`);
    if (answered.has(orderHash)) invalid(`${node} answers twice for task ${orderHash}`);
    answered.add(orderHash);
  }
  const missing = opening.tasks.find(({ orderHash }) => !answered.has(orderHash));
  if (missing) invalid(`${node} does not answer for task ${missing.orderHash}`);
}

/**
 * Checks a node's sheet whole, as a market does on receipt and a verifier afterwards: the round, the node's
 * signature, exactly one answer per announced task under the signed root, and bids that outlast the window.
 * Whether the versions bid with exist is for the caller to check: a record must be able to show them.
 * @throws {StoaError} `invalid_bid`, `not_announced` or `wrong_signature`, actual beside expected
 */
export async function requireSheet(context: SheetContext, given: Omit<RecordSheet, "receipt">): Promise<void> {
  const { opening, roundId, node } = context;
  const sheet = decodeTyped("BidSheet", given.sheet);
  if (sheet.roundId !== roundId) invalid(`${node}'s sheet is for round ${sheet.roundId}, expected ${roundId}`);
  if (sheet.node.toLowerCase() !== node.toLowerCase()) invalid(`the sheet is of node ${sheet.node}, expected ${node}`);
  requireAnswers(context, given.answers);
  const windowEnd = opening.openedAt + opening.windowMs;
  if (Number(sheet.expiresAt) * 1_000 < windowEnd)
    invalid(`${node}'s bids expire at ${sheet.expiresAt} s, before the window ends at ${windowEnd} ms`);
  const root = answersRoot(given.answers, context.passes);
  if (root !== sheet.answersRoot)
    invalid(`${node}'s answers have the root ${root}, its sheet says ${sheet.answersRoot}`);
  await requireSigner(opening.domain, "BidSheet", sheet, given.signature, node);
}
