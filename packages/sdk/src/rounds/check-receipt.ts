import { proveOmission, type SignedReceipt, type VerificationCheck } from "@stoa/core";
import type { RoundRecord } from "@stoa/protocol";

/**
 * Holds a round's record to an operator's receipt for a sheet: a check that fails is proof against the operator.
 * @throws {StoaError} when the receipt proves nothing: it is for another round, or not the operator's
 */
export async function checkReceipt(record: RoundRecord, receipt: SignedReceipt): Promise<VerificationCheck> {
  const omission = await proveOmission(receipt, record);
  const { node, answersRoot } = receipt.receipt;
  if (!omission) return { name: "receipt", ok: true, detail: `the record has ${node}'s answers` };
  const found = omission.recorded ?? "no answer";
  const detail = `${omission.operator} receipted ${node}'s answers under ${answersRoot}, its record has ${found}`;
  return { name: "receipt", ok: false, detail };
}
