import {
  type Address,
  type Hash,
  hashJson,
  requireSigner,
  type RoundRecord,
  type SheetReceipt,
  type Signature,
  StoaError,
} from "@stoa/protocol";

/** What the operator gave a node for its sheet. */
export interface SignedReceipt {
  receipt: SheetReceipt;
  signature: Signature;
}

/** Proof against an operator: its receipt for a sheet, and its record of the round without that sheet. */
export interface Omission {
  operator: Address;
  roundId: Hash;
  node: Address;
  /** The root the operator has receipted. */
  receipted: Hash;
  /** The node's root in the record; null when the record says that it did not answer. */
  recorded: Hash | null;
  receiptSignature: Signature;
  /** The record's own hash, over everything that is published of the round. */
  outcomeHash: Hash;
}

/**
 * Holds a round's public record to a receipt: the operator signed that it has the node's answers, so the record must
 * have them under the same root. Whether the record is right otherwise is for `verifyRecord`.
 * @returns the proof that they are missing, or null when the record has them
 * @throws {StoaError} `invalid_request` when the receipt is for another round, `wrong_signature` when the record's
 *   operator did not sign it: then nothing is proved
 */
export async function proveOmission(
  { receipt, signature }: SignedReceipt,
  { body }: Pick<RoundRecord, "body">,
): Promise<Omission | null> {
  const { opening } = body;
  const roundId = hashJson(opening);
  if (receipt.roundId !== roundId)
    throw new StoaError("invalid_request", `the receipt is for round ${receipt.roundId}, the record of ${roundId}`);
  await requireSigner(opening.domain, "SheetReceipt", receipt, signature, opening.operator);
  const at = opening.asked.findIndex(({ node }) => node.toLowerCase() === receipt.node.toLowerCase());
  const recorded = body.nodes[at]?.sheet?.sheet.answersRoot ?? null;
  if (recorded === receipt.answersRoot) return null;
  return {
    operator: opening.operator,
    roundId,
    node: receipt.node,
    receipted: receipt.answersRoot,
    recorded,
    receiptSignature: signature,
    outcomeHash: hashJson(body),
  };
}
