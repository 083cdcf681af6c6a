import type { SheetAnswer, Signature, WireTyped } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import type { SheetKey } from "./load-sheet-roots.ts";
import { toInstant, toRows } from "./rows.ts";

/** A node's signed sheet as the market keeps it. */
export interface SheetRecord extends SheetKey {
  sheet: WireTyped<"BidSheet">;
  signature: Signature;
  answers: readonly SheetAnswer[];
  receiptSignature: Signature;
  receivedAt: number;
}

/** Keeps sheets, one per node and round. */
export async function insertSheets(tx: Queryable, sheets: readonly SheetRecord[]): Promise<void> {
  if (sheets.length === 0) return;
  await tx.query(
    `insert into sheets (round_id, node, sheet, signature, answers, receipt_signature, received_at)
     select round_id, node, sheet, signature, answers, receipt_signature, received_at
       from json_to_recordset($1::json) as row (round_id text, node text, sheet jsonb, signature text, answers jsonb,
            receipt_signature text, received_at timestamptz)`,
    [
      toRows(
        sheets.map((sheet) => ({
          round_id: sheet.roundId,
          node: sheet.node,
          sheet: sheet.sheet,
          signature: sheet.signature,
          answers: sheet.answers,
          receipt_signature: sheet.receiptSignature,
          received_at: toInstant(sheet.receivedAt),
        })),
      ),
    ],
  );
}
