import type { Address, Hash, RoundId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toRows } from "./rows.ts";

/** One node's answer in one round. */
export interface SheetKey {
  roundId: RoundId;
  node: Address;
}

/** The roots these nodes' answers were taken under before. */
export async function loadSheetRoots(tx: Queryable, keys: readonly SheetKey[]): Promise<(SheetKey & { root: Hash })[]> {
  if (keys.length === 0) return [];
  return tx.query<SheetKey & { root: Hash }>(
    `select round_id as "roundId", sheets.node, sheet ->> 'answersRoot' as root
       from json_to_recordset($1::json) as key ("roundId" text, node text)
       join sheets on sheets.round_id = key."roundId" and sheets.node = key.node`,
    [toRows(keys)],
  );
}
