import type { Address, Hash, RoundId } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";
import { toColumn } from "./rows.ts";

/** One node's answer in one round. */
export interface SheetKey {
  roundId: RoundId;
  node: Address;
}

/** The roots these nodes' answers were taken under before. */
export async function loadSheetRoots(tx: Queryable, keys: readonly SheetKey[]): Promise<(SheetKey & { root: Hash })[]> {
  if (keys.length === 0) return [];
  return tx.query<SheetKey & { root: Hash }>(
    `select sheets.round_id as "roundId", sheets.node, sheet ->> 'answersRoot' as root
       from unnest($1::text[], $2::text[]) as key (round_id, node)
       join sheets on sheets.round_id = key.round_id and sheets.node = key.node`,
    [toColumn(keys.map(({ roundId }) => roundId)), toColumn(keys.map(({ node }) => node))],
  );
}
