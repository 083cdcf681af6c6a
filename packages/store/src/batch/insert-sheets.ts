import type { SheetAnswer, Signature, WireTyped } from "@stoa/protocol";
import type { SheetKey } from "./load-sheet-roots.ts";
import { columnsOf, rowsOf, toColumns } from "./rows.ts";
import type { Statement } from "./statement.ts";

/** A node's signed sheet as the market keeps it. */
export interface SheetRecord extends SheetKey {
  sheet: WireTyped<"BidSheet">;
  signature: Signature;
  answers: readonly SheetAnswer[];
  receiptSignature: Signature;
  receivedAt: number;
}

const SHEET = {
  round_id: "word",
  node: "word",
  sheet: "json",
  signature: "word",
  answers: "json",
  receipt_signature: "word",
  received_at: "instant",
};

const INSERT = `insert into sheets (${columnsOf(SHEET)}) select ${columnsOf(SHEET)} from ${rowsOf(SHEET)}`;

/** Keeps sheets, one per node and round. */
export function insertSheets(sheets: readonly SheetRecord[]): Statement[] {
  if (sheets.length === 0) return [];
  const rows = sheets.map((sheet) => ({
    round_id: sheet.roundId,
    node: sheet.node,
    sheet: sheet.sheet,
    signature: sheet.signature,
    answers: sheet.answers,
    receipt_signature: sheet.receiptSignature,
    received_at: sheet.receivedAt,
  }));
  return [{ text: INSERT, params: toColumns(SHEET, rows) }];
}
