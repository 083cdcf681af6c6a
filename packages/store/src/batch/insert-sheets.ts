import type { SheetAnswer, Signature, WireTyped } from "@stoa/protocol";
import type { SheetKey } from "./load-sheet-roots.ts";
import { toInstant, toRows } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** A node's signed sheet as the market keeps it. */
export interface SheetRecord extends SheetKey {
  sheet: WireTyped<"BidSheet">;
  signature: Signature;
  answers: readonly SheetAnswer[];
  receiptSignature: Signature;
  receivedAt: number;
}

/** Keeps sheets, one per node and round. */
export function insertSheets(sheets: readonly SheetRecord[]): Statement[] {
  if (sheets.length === 0) return [];
  return [
    {
      text: `insert into sheets (round_id, node, sheet, signature, answers, receipt_signature, received_at)
     select round_id, node, sheet, signature, answers, receipt_signature, received_at
       from json_to_recordset($1::json) as row (round_id text, node text, sheet jsonb, signature text, answers jsonb,
            receipt_signature text, received_at timestamptz)`,
      params: [
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
    },
  ];
}
